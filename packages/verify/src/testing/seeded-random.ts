/** Numbers that look random and are the same for the same seed. For tests only. */
export interface SeededRandom {
  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number
  pick<T>(list: readonly T[]): T
}

/** Mulberry32. @param seed A whole number from 0 to 2^32 − 1. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    pick<T>(list: readonly T[]): T {
      return list[below(list.length)] as T
    },
  }
}
