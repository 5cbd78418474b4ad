import { KeysUnavailableError } from '../keys/key-source.ts'
import type { RevocationPolicy } from '../revocation/policy.ts'
import { RevocationStaleError } from '../revocation/stale-error.ts'
import type { AccessToken } from '../token/access-token.ts'
import { TokenError } from '../token/token-error.ts'
import type { Verifier } from '../token/verifier.ts'
import { readBearer } from './bearer.ts'
import { challenge } from './challenge.ts'
import { GuardError } from './guard-error.ts'

/** How requests are looked at. */
export interface RequestGuard {
  readonly verifier: Verifier
  readonly realm: string
  readonly policy: RevocationPolicy
}

/** What a guard needs of a request. */
export interface GuardedRequest {
  readonly method: string
  /** The values of all its `Authorization` headers. */
  readonly authorization: readonly string[]
}

// RFC 9110 §9.2.1, without TRACE.
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Who makes a request: the claims of the access token in its `Authorization` header.
 *
 * @returns A promise only when keys must be fetched or the authority asked first.
 * @throws {GuardError} The request has no good token, or that cannot be told now. Any other
 *   error of the verifier is passed on as it is.
 */
export function authenticateRequest(
  guard: RequestGuard,
  { method, authorization }: GuardedRequest,
): AccessToken | Promise<AccessToken> {
  const { verifier, realm, policy } = guard
  const token = readBearer(authorization, realm)
  try {
    const result = verifier.verifyNow(token, { policy, isSafe: safeMethods.has(method) })
    if (!isThenable(result)) return result
    return Promise.resolve(result).catch((error) => refuse(error, realm))
  } catch (error) {
    return refuse(error, realm)
  }
}

// Not by `instanceof`: a promise of another realm or library would pass for claims.
function isThenable(
  result: AccessToken | PromiseLike<AccessToken>,
): result is PromiseLike<AccessToken> {
  return 'then' in result && typeof result.then === 'function'
}

function refuse(error: unknown, realm: string): never {
  if (error instanceof TokenError) {
    const headers = challenge(realm, { error: 'invalid_token' })
    throw new GuardError(error.code, { headers, cause: error })
  }
  if (error instanceof RevocationStaleError) {
    const headers = { 'Retry-After': String(error.retryAfterSeconds) }
    throw new GuardError('REVOCATION_STATE_STALE', { headers, cause: error })
  }
  if (error instanceof KeysUnavailableError) {
    const headers = { 'Retry-After': String(error.retryAfterSeconds) }
    throw new GuardError('UNAVAILABLE', { headers, cause: error })
  }
  throw error
}
