import type { EpochSeconds } from '../base/time.ts'
import type { Counter } from '../model/counter.ts'

/** How often something may be tried. */
export interface Limit {
  /** Names it in counters and in `RateLimit` headers. */
  readonly name: string
  /** Tries in a window, which starts with the first. */
  readonly points: number
  readonly windowSeconds: number
  /**
   * When the points are used up, one more try is given after each of these waits in turn, the
   * last one repeating. Without, no more tries are given before the window ends.
   */
  readonly waitsSeconds?: readonly number[]
  /**
   * Counted by each process for itself, whatever the others count: for what is asked so often
   * that counting together would cost more than it guards.
   */
  readonly isPerProcess?: true
}

/** A try that was counted, or one that came too early and was not. */
export type Take =
  | { readonly admitted: true; readonly counter: Counter }
  | { readonly admitted: false; readonly retryAfterSeconds: number }

/** Counts a try, if one is left. A try that is refused changes nothing. */
export function takePoint(limit: Limit, found: Counter | null, now: EpochSeconds): Take {
  const counter = isLive(found, now) ? found : newCounter(limit, now)
  if (now < counter.waitUntil) {
    return { admitted: false, retryAfterSeconds: counter.waitUntil - now }
  }
  return { admitted: true, counter: counted(limit, counter, now) }
}

/**
 * Takes back a try, and the wait that it brought. `null` when nothing is left to remember:
 * a counter never goes below zero, and one that has expired stays expired.
 */
export function givePointBack(found: Counter | null, now: EpochSeconds): Counter | null {
  if (!isLive(found, now) || found.taken <= 1) return null
  return { ...found, taken: found.taken - 1, waitUntil: 0 }
}

function isLive(counter: Counter | null, now: EpochSeconds): counter is Counter {
  return counter !== null && now < counter.expiresAt
}

function newCounter({ windowSeconds }: Limit, now: EpochSeconds): Counter {
  return { taken: 0, waitUntil: 0, expiresAt: now + windowSeconds }
}

function counted(limit: Limit, counter: Counter, now: EpochSeconds): Counter {
  const taken = counter.taken + 1
  const extra = taken - limit.points
  if (extra < 0) return { ...counter, taken }
  const waits = limit.waitsSeconds
  if (!waits) return { ...counter, taken, waitUntil: counter.expiresAt }
  const waitUntil = now + (waits[Math.min(extra, waits.length - 1)] ?? 0)
  // Remembered one window longer than the wait, or waiting it out would start afresh.
  return { taken, waitUntil, expiresAt: waitUntil + limit.windowSeconds }
}
