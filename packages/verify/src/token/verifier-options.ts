import type { Jwks } from '../keys/jwks.ts'
import type { KeySource } from '../keys/key-source.ts'
import type { RevocationSource } from '../revocation/revocation-source.ts'
import type { Clock } from './clock.ts'

/**
 * What a verifier accepts: tokens of one issuer, for one audience, of one kind.
 *
 * The keys are given by one of `keys`, `jwks`, `jwksUri` and `secret`. Without any, they are
 * those the issuer publishes at `/.well-known/jwks.json`. The algorithm is the key's: there
 * is nothing to choose.
 */
export interface VerifierOptions {
  /** `iss` of the tokens, byte for byte. */
  readonly issuer: string
  /** Who you are: `aud` of the tokens must be or hold this, or one of these. */
  readonly audience: string | readonly string[]

  /** A key source of your own. */
  readonly keys?: KeySource
  /** A fixed set of public keys. */
  readonly jwks?: Jwks
  /** Where the issuer publishes its keys. `https:`, or `http:` on this machine. */
  readonly jwksUri?: string
  /** The secret shared with the issuer, for HS256: 32 random bytes or more. Text counts as UTF-8. */
  readonly secret?: string | Uint8Array

  /**
   * Whose tokens they are. Default `'countersign'`.
   *
   * - `'countersign'`: a header of `alg`, `kid` and `typ` alone, `jti` always there.
   * - `'jwt'`: of any other issuer. More header members are passed over, and `typ` and
   *   `requiredClaims` can be set.
   */
  readonly profile?: 'countersign' | 'jwt'
  /**
   * `typ` of the tokens, with or without `application/`. `null` takes any or none, ID tokens
   * too, which are no access tokens: make sure that those have another audience. With
   * `profile: 'jwt'` only. Default `'at+jwt'`.
   *
   * @see RFC 9068 §4, RFC 8725 §3.11
   */
  readonly typ?: string | null
  /**
   * Claims that must be there besides `iss`, `sub`, `aud`, `exp` and `iat`. With
   * `profile: 'jwt'` only. Default `['jti']`; many issuers give none.
   */
  readonly requiredClaims?: readonly string[]

  /**
   * Where to learn of revocations: `revocationFeed({ … })`, or the authority's own. Without, a
   * token is good until it expires.
   */
  readonly revocation?: RevocationSource

  /** How far clocks may differ, in seconds, 0 to 60. Default `5`. */
  readonly clockToleranceSeconds?: number
  /**
   * Longest time from `iat` to `exp`, in seconds, 1 to 2592000. Tokens that live longer are
   * refused. Default `3600`, with `profile: 'jwt'` `86400`.
   */
  readonly maxLifetimeSeconds?: number
  /** Tokens whose good signature is remembered, 0 to 1000000. `0`: none. Default `20000`. */
  readonly cacheSize?: number
  /** Default: the system's. */
  readonly clock?: Clock
}
