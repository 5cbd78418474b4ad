/** Whole seconds since 1970-01-01T00:00:00Z: a NumericDate of RFC 7519 §2. */
export type EpochSeconds = number

export const secondsPerMinute = 60
export const secondsPerHour = 3600
export const secondsPerDay = 86_400

/** Reads such a time; fractions of a second are dropped. */
export function fromIsoTime(text: string): EpochSeconds {
  return Math.floor(Date.parse(text) / 1000)
}

/** Writes a time as the API shows it: ISO 8601, UTC, whole seconds. */
export function toIsoTime(time: EpochSeconds): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z')
}
