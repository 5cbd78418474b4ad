/** Two clocks in milliseconds. */
export interface FreshnessClock {
  /** Since any moment; never set back. */
  monotonic(): number
  /** Since 1970; may be set. */
  wall(): number
}

/** How far the clocks may part before the machine counts as having slept, or been set. */
const maxPartingMs = 500

/**
 * How old a copy of the ledger is, by the own monotonic clock alone: no clock of another machine
 * is compared with it.
 */
export class Freshness {
  readonly #clock: FreshnessClock
  #freshAsOf = Number.NEGATIVE_INFINITY
  /** Wall clock minus monotonic clock, at the last confirmation. */
  #parting = 0

  constructor(clock: FreshnessClock) {
    this.#clock = clock
  }

  /**
   * Everything committed before `asOf` is in the copy.
   *
   * For an answer of a hub that is `t0 + held_ms − age_ms`: the request was sent at `t0`, held,
   * and answered with what the database said `age_ms` before. A slow network makes it older than
   * it is, never younger.
   *
   * @param asOf In milliseconds of the monotonic clock. Later than now: counts as now.
   */
  confirm(asOf: number): void {
    const now = this.#clock.monotonic()
    this.#parting = this.#clock.wall() - now
    this.#freshAsOf = Math.max(this.#freshAsOf, Math.min(asOf, now))
  }

  /** In milliseconds; infinite before the first confirmation and when the clocks have parted. */
  age(): number {
    const now = this.#clock.monotonic()
    const parting = this.#clock.wall() - now
    if (Math.abs(parting - this.#parting) > maxPartingMs) return Number.POSITIVE_INFINITY
    return now - this.#freshAsOf
  }
}
