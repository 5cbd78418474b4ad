import { createHash } from 'node:crypto'
import type { Random } from '../ports/random.ts'

/**
 * Bytes that look random, never repeat, and are the same in every run. Not secret:
 * for tests only.
 *
 * @param seed Equal seeds give equal bytes.
 */
export function fakeRandom(seed = 'countersign'): Random {
  let block = 0
  const nextBlock = () => createHash('sha256').update(`${seed}/${block++}`).digest()
  return {
    bytes(length) {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, nextBlock)
      return new Uint8Array(Buffer.concat(blocks)).slice(0, length)
    },
  }
}
