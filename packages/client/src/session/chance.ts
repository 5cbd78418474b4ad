// What differs from call to call, in one place.

/** Milliseconds that only go forward: nobody sets this clock. */
export function nowMs(): number {
  // oxlint-disable-next-line no-restricted-properties -- the one place that reads a clock
  return performance.now()
}

/** From 0 up to 1; for spreading, never for secrets. */
export function spread(): number {
  // oxlint-disable-next-line no-restricted-properties -- nothing depends on guessing it
  return Math.random()
}

/** 192 random bits in hex. */
export function newKey(): string {
  // oxlint-disable-next-line no-restricted-properties -- the one place that draws a secret
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
