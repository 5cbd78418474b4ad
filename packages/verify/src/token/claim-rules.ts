import type { AccessToken } from './access-token.ts'
import { TokenError } from './token-error.ts'

/** What the claims of a token are held to. */
export interface ClaimRules {
  readonly issuer: string
  /** The token must be for one of these. */
  readonly audiences: readonly string[]
  /** Claims to demand besides `iss`, `sub`, `aud`, `exp` and `iat`. */
  readonly required: readonly string[]
  /** From `iat` to `exp`. */
  readonly maxLifetimeSeconds: number
  readonly clockToleranceSeconds: number
}

/**
 * Judges the claims of a genuine token at a time, in seconds since 1970.
 *
 * Each comparison states what must hold, so that a clock that gives `NaN` refuses.
 *
 * @throws {TokenError} `TOKEN_EXPIRED` when all else is right, otherwise `TOKEN_INVALID`.
 * @see RFC 7519 §4.1, RFC 9068 §4
 */
export function judgeClaims(claims: AccessToken, rules: ClaimRules, now: number): void {
  const { iss, aud, exp, iat, nbf = iat } = claims
  const tolerance = rules.clockToleranceSeconds
  if (iss !== rules.issuer) throw new TokenError('TOKEN_INVALID', 'of another issuer')
  if (!isForOneOf(aud, rules.audiences))
    throw new TokenError('TOKEN_INVALID', 'for another audience')
  if (!(exp > iat)) throw new TokenError('TOKEN_INVALID', 'expires before it was issued')
  if (!(exp - iat <= rules.maxLifetimeSeconds))
    throw new TokenError('TOKEN_INVALID', 'lives too long')
  if (!(iat <= now + tolerance)) throw new TokenError('TOKEN_INVALID', 'issued in the future')
  if (!(nbf <= now + tolerance)) throw new TokenError('TOKEN_INVALID', 'not valid yet')
  if (!(now < exp + tolerance)) throw new TokenError('TOKEN_EXPIRED', 'expired')
}

function isForOneOf(audience: string | readonly string[], audiences: readonly string[]): boolean {
  if (typeof audience === 'string') return audiences.includes(audience)
  return audience.some((one) => audiences.includes(one))
}
