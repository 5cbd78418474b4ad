/** What a search in the key set does first. */
export type Plan =
  /** Answer from the set in hand, or say that there is none. Costs nothing. */
  | 'use'
  /** Answer from the set in hand and ask for a newer one behind it. */
  | 'use_and_refresh'
  /** Ask for a set and wait for it. */
  | 'refresh_first'

/** When a set was asked for, and how long from then it is fresh. */
export interface Freshness {
  readonly askedAtMs: number
  readonly maxAgeMs: number
}

/** What is known of the set. All times are milliseconds on one monotonic clock. */
export interface RefreshState {
  /** The set in hand, if any. */
  readonly held: Freshness | null
  /** When the last attempt to get a set ended, well or badly. */
  readonly attemptedAtMs: number | null
  /** How long a set may be used after its freshness while no newer one can be had. */
  readonly staleIfErrorMs: number
}

// Bounds what unknown key ids and a failing issuer can make us ask.
const cooldownMs = 10_000
// Nothing can be verified yet: worth asking more often.
const cooldownWithoutSetMs = 1_000
// RFC 5861 §3: a set this much past its freshness is still used while a newer one is fetched.
// A longer pause means that nobody has asked for a while: then the newer one comes first.
const staleWhileRevalidateMs = 60_000

/** Decides what a search for a key does. `isKidKnown`: the set has that key id, or none is named. */
export function planSearch(state: RefreshState, isKidKnown: boolean, nowMs: number): Plan {
  const { held, attemptedAtMs } = state
  if (waitMs(state, nowMs) > 0) return 'use'
  if (held === null || hasLapsed(state, nowMs) || attemptedAtMs === null) return 'refresh_first'
  if (!isKidKnown) return 'refresh_first'
  if (isFresh(held, nowMs)) return 'use'
  // Counted from the attempt: while the issuer fails, only the first search waits for it.
  const isIdle = nowMs - attemptedAtMs > held.maxAgeMs + staleWhileRevalidateMs
  return isIdle ? 'refresh_first' : 'use_and_refresh'
}

/** Whether a set can be used without asking for a newer one. */
export function isFresh({ askedAtMs, maxAgeMs }: Freshness, nowMs: number): boolean {
  return nowMs - askedAtMs <= maxAgeMs
}

/** Whether the set in hand is too old to be used at all. Also true when there is none. */
export function hasLapsed({ held, staleIfErrorMs }: RefreshState, nowMs: number): boolean {
  return held === null || nowMs - held.askedAtMs > held.maxAgeMs + staleIfErrorMs
}

/** How long until the issuer may be asked again. Not above zero: now. */
export function waitMs(state: RefreshState, nowMs: number): number {
  if (state.attemptedAtMs === null) return 0
  const cooldown = hasLapsed(state, nowMs) ? cooldownWithoutSetMs : cooldownMs
  return state.attemptedAtMs + cooldown - nowMs
}
