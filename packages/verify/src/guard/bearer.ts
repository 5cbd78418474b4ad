import { challenge } from './challenge.ts'
import { GuardError } from './guard-error.ts'

// RFC 6750 §2.1, with the scheme in any case (RFC 9110 §11.1).
const scheme = /^bearer(?: +|$)/i

/**
 * The access token of a request, from the values of its `Authorization` headers. It is looked
 * for nowhere else: not in a query, a body or a cookie.
 *
 * Says nothing about the token but that it is one word: its form is the verifier's business.
 *
 * @throws {GuardError} `TOKEN_MISSING` when there is no header or it has another scheme;
 *   `VALIDATION_FAILED` when there are several headers, or not exactly one token in it.
 * @see RFC 6750 §2.1 and §3.1 (`invalid_request`)
 */
export function readBearer(authorization: readonly string[], realm: string): string {
  const [value, ...others] = authorization
  if (others.length > 0) throw malformed(realm)
  const prefix = scheme.exec(value ?? '')?.[0]
  if (value === undefined || prefix === undefined) {
    throw new GuardError('TOKEN_MISSING', { headers: challenge(realm) })
  }
  const token = value.slice(prefix.length)
  if (token === '' || token.includes(' ') || token.includes(',')) throw malformed(realm)
  return token
}

function malformed(realm: string): GuardError {
  return new GuardError('VALIDATION_FAILED', {
    headers: challenge(realm, { error: 'invalid_request' }),
  })
}
