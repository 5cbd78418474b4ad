import type { EpochSeconds } from '../base/time.ts'
import type { Clock } from '../ports/clock.ts'

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /** Moves both readings forward. @param seconds May be a fraction; `now` shows whole seconds. */
  advance(seconds: number): void
}

/** @param start What `now()` shows at first. Default: 2027-01-15T08:00:00Z. */
export function fakeClock(start: EpochSeconds = 1_800_000_000): FakeClock {
  let elapsedMs = 0
  return {
    now: () => start + Math.floor(elapsedMs / 1000),
    monotonicMs: () => elapsedMs,
    advance(seconds) {
      elapsedMs += seconds * 1000
    },
  }
}
