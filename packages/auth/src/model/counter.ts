import type { EpochSeconds } from '../base/time.ts'

/** The tries counted for one key. */
export interface Counter {
  readonly taken: number
  /** No try before this time. 0: none is due. */
  readonly waitUntil: EpochSeconds
  /** From this time on nothing is remembered. */
  readonly expiresAt: EpochSeconds
}

/** Which counter to change, and when. */
export interface CounterKey {
  /** Name of the limit. */
  readonly limit: string
  /** Whom it counts. */
  readonly key: string
  readonly now: EpochSeconds
}

/** A counter as it shall be from now on; `null`: none. */
export interface CounterStep<Result> {
  readonly counter: Counter | null
  readonly result: Result
}

/**
 * Where counters are kept. A store knows no limits and reads no clock.
 *
 * Losing counters is allowed (a restart, too many keys), as it only gives tries back.
 */
export interface CounterStore {
  /**
   * Reads a counter, hands it to `step` and keeps what `step` answers. Atomic: of any number of
   * concurrent calls for one key, each sees what the one before left. `step` is pure, and may
   * run more than once.
   */
  change<Result>(
    key: CounterKey,
    step: (found: Counter | null) => CounterStep<Result>,
  ): Promise<Result>
}

/** Counters that several processes share. Proven by `counterStoreContract`. */
export interface SharedCounterStore extends CounterStore {
  /** Removes counters that remember nothing any more. @returns How many. */
  deleteExpired(time: EpochSeconds): Promise<number>
}
