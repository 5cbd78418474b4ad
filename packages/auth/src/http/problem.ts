import { type AuthError, type ErrorCode, errorSpecs } from '../base/errors.ts'

/** The protection space named in `WWW-Authenticate` (RFC 9110 §11.5). */
export const realm = 'countersign'

/** The stable URI of a problem: a name, not an address (RFC 9457 §3.1.1). */
export function problemType(code: ErrorCode): string {
  return `urn:countersign:problem:${code.toLowerCase().replaceAll('_', '-')}`
}

/** What callers are told of a code. */
export function publicCode(code: ErrorCode): string {
  return errorSpecs[code].publicCode ?? code
}

/**
 * The answer for an error: `application/problem+json` (RFC 9457). Says what the code says
 * and nothing of what happened inside.
 *
 * @param requestId Under which the log tells more, if it does.
 */
export function problemResponse(error: AuthError, requestId?: string): Response {
  const body = {
    type: problemType(error.code),
    title: error.message,
    status: error.status,
    code: publicCode(error.code),
    ...(error.errors && { errors: error.errors }),
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(requestId !== undefined && { requestId }),
  }
  const headers = new Headers(error.headers)
  headers.set('content-type', 'application/problem+json; charset=utf-8')
  if (error.status === 401) headers.set('www-authenticate', challenge(error.code))
  const retryAfterSeconds = error.retryAfterSeconds ?? defaultRetryAfter(error.status)
  if (retryAfterSeconds !== undefined) {
    headers.set('retry-after', String(Math.max(1, Math.ceil(retryAfterSeconds))))
  }
  return new Response(JSON.stringify(body), { status: error.status, headers })
}

// Where nobody knows when it will be over, callers still need something to go by.
function defaultRetryAfter(status: number): number | undefined {
  return status === 503 ? 5 : undefined
}

// RFC 6750 §3.1: no error code for a request that presented no access token.
function challenge(code: ErrorCode): string {
  const presented = code === 'TOKEN_INVALID' || code === 'TOKEN_EXPIRED' || code === 'TOKEN_REVOKED'
  return presented ? `Bearer realm="${realm}", error="invalid_token"` : `Bearer realm="${realm}"`
}
