/** The middle of several rounds, and how far apart they lay. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @throws {RangeError} There is nothing to take the middle of. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  if (lower === undefined || upper === undefined) throw new RangeError('no values')
  return (lower + upper) / 2
}

/**
 * Nearest rank: the smallest value that `percent` of all values do not exceed. With fewer
 * than 100 values the 99th percentile is the largest of them.
 *
 * @throws {RangeError} There are no values.
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = ascending(values)
  const value = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
  if (value === undefined) throw new RangeError('no values')
  return value
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

/** The ratio within each round, so that a slow moment of the machine hits both sides. */
export function ratios(values: readonly number[], baseline: readonly number[]): number[] {
  return values.map((value, round) => {
    const base = baseline[round]
    if (base === undefined) throw new RangeError('the baseline has fewer rounds')
    return value / base
  })
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b)
}
