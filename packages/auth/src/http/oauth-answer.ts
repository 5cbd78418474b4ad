import type { AuthError, ErrorCode } from '../base/errors.ts'
import { realm } from './problem.ts'

// RFC 6749 §5.2, RFC 6750 §3.1. Of other codes the status says enough.
const names: Partial<Record<ErrorCode, string>> = {
  CLIENT_INVALID: 'invalid_client',
  SCOPE_MISSING: 'insufficient_scope',
  SCOPE_INVALID: 'invalid_scope',
  GRANT_UNSUPPORTED: 'unsupported_grant_type',
  TOKEN_INVALID: 'invalid_token',
  TOKEN_EXPIRED: 'invalid_token',
  TOKEN_REVOKED: 'invalid_token',
  UNAVAILABLE: 'temporarily_unavailable',
  INTERNAL_ERROR: 'server_error',
}

/** The answer for an error at an endpoint of OAuth: `error` and `error_description` as JSON. */
export function oauthErrorResponse(error: AuthError): Response {
  const name = names[error.code] ?? 'invalid_request'
  const headers = new Headers(error.headers)
  headers.set('pragma', 'no-cache')
  if (error.status === 401) headers.set('www-authenticate', `Basic realm="${realm}"`)
  if (error.status === 429 || error.status === 503) {
    headers.set('retry-after', String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 5))))
  }
  const description = [
    error.message,
    ...(error.errors ?? []).map(({ path, message }) => `${path}: ${message}`),
  ]
  return Response.json(
    { error: name, error_description: description.join(' ') },
    { status: error.status, headers },
  )
}
