import { randomBytes, randomFillSync } from 'node:crypto'

/** Where unguessable bytes come from. */
export interface Random {
  bytes(length: number): Uint8Array
}

// Enough for a hundred requests. Asking the operating system takes longer than what is asked for.
const poolBytes = 4096
const pool = new Uint8Array(poolBytes)
let taken = poolBytes

export const systemRandom: Random = {
  bytes(length) {
    if (length > poolBytes) return new Uint8Array(randomBytes(length))
    if (taken + length > poolBytes) {
      randomFillSync(pool)
      taken = 0
    }
    const bytes = pool.slice(taken, taken + length)
    // What was given out is not kept here as well.
    pool.fill(0, taken, taken + length)
    taken += length
    return bytes
  },
}
