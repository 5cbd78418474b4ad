import type { EpochSeconds } from '../base/time.ts'

/** Where time comes from. Nothing else in this package reads a clock. */
export interface Clock {
  now(): EpochSeconds
  /** Milliseconds that only ever go forward; for measuring, not for dates. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => Math.floor(Date.now() / 1000),
  monotonicMs: () => performance.now(),
}
