/** Where a verifier reads the time. */
export interface Clock {
  /** Seconds since 1970. */
  now(): number
}

export const systemClock: Clock = {
  // oxlint-disable-next-line no-restricted-properties -- the default of the clock that is passed in
  now: () => Math.floor(Date.now() / 1000),
}
