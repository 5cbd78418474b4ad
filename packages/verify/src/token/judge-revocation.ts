import { freshMs, judge } from '../revocation/policy.ts'
import type { RefusalReason, RevocationSource } from '../revocation/revocation-source.ts'
import { RevocationStaleError } from '../revocation/stale-error.ts'
import type { AccessToken } from './access-token.ts'
import type { Clock } from './clock.ts'
import type { GenuineToken } from './signature-cache.ts'
import { TokenError } from './token-error.ts'
import type { TokenUse } from './verifier.ts'

/** A genuine token, as it was presented. */
export interface Presented {
  readonly token: string
  readonly found: GenuineToken
  readonly use: TokenUse
}

/**
 * Whether a genuine token has been revoked. What an entry at hand revokes is dead, however old
 * the copy; that no entry does, means something only while it is fresh enough.
 *
 * @returns A promise only when the authority must be asked.
 * @throws {TokenError} `TOKEN_REVOKED`.
 * @throws {RevocationStaleError} It cannot be told now.
 */
export function judgeRevocation(
  { revocation, clock }: { readonly revocation: RevocationSource; readonly clock: Clock },
  { token, found, use }: Presented,
): AccessToken | Promise<AccessToken> {
  const { claims, kid } = found
  if (revocation.isRevoked(claims, kid)) {
    throw refused(revocation, 'revoked', revoked('an entry of the ledger'))
  }
  const ageMs = revocation.ageMs()
  if (ageMs <= freshMs) return claims
  if (!revocation.isReady) throw refused(revocation, 'notReady', new RevocationStaleError())
  const { policy = 'default', isSafe = false } = use
  const judgement = judge({ policy, isSafe, ageMs, issuedAgoSeconds: clock.now() - claims.iat })
  if (judgement === 'local') return claims
  if (judgement === 'counted') {
    revocation.countStale?.()
    return claims
  }
  if (judgement === 'unavailable' || !revocation.introspect) {
    throw refused(revocation, 'stale', new RevocationStaleError())
  }
  return ask(revocation, revocation.introspect(token), claims)
}

async function ask(
  revocation: RevocationSource,
  answer: Promise<boolean>,
  claims: AccessToken,
): Promise<AccessToken> {
  let isActive: boolean
  try {
    isActive = await answer
  } catch (cause) {
    throw refused(revocation, 'stale', new RevocationStaleError({ cause }))
  }
  if (!isActive) throw refused(revocation, 'inactive', revoked('the authority says so'))
  return claims
}

/** Counts a refusal. @returns What to throw. */
function refused<Reason extends Error>(
  revocation: RevocationSource,
  reason: RefusalReason,
  error: Reason,
): Reason {
  revocation.countRefusal?.(reason)
  return error
}

function revoked(detail: string): TokenError {
  return new TokenError('TOKEN_REVOKED', detail)
}
