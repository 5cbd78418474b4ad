/**
 * What a route does when the copy of the ledger is too old to know.
 *
 * - `strict`: asks or refuses, as soon as a revocation could be more than a second old
 * - `default`: the same for what changes something; reading goes on for 15 seconds
 * - `available`: goes on, and counts it
 */
export type RevocationPolicy = 'strict' | 'default' | 'available'

/** How a token is judged that no entry at hand revokes. `counted`: accepted, and counted. */
export type Judgement = 'local' | 'counted' | 'introspect' | 'unavailable'

/** What a judgement depends on. */
export interface Situation {
  readonly policy: RevocationPolicy
  /** The request only reads: GET, HEAD, OPTIONS (RFC 9110 §9.2.1). */
  readonly isSafe: boolean
  /** Age of the copy in milliseconds; infinite when it is not known. */
  readonly ageMs: number
  /** Since the token was issued, in seconds. */
  readonly issuedAgoSeconds: number
}

export const freshMs = 1000
const shortMs = 15_000
const longMs = 300_000
const recentSeconds = 300

/** The ladder: what is given up as the copy grows older, by the choice of the route. */
export function judge({ policy, isSafe, ageMs, issuedAgoSeconds }: Situation): Judgement {
  if (ageMs <= freshMs) return 'local'
  if (policy === 'available') {
    if (ageMs <= shortMs || ageMs > longMs) return 'counted'
    return issuedAgoSeconds <= recentSeconds ? 'counted' : 'introspect'
  }
  if (ageMs > longMs) return 'unavailable'
  return policy === 'default' && isSafe && ageMs <= shortMs ? 'counted' : 'introspect'
}
