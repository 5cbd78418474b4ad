// oxlint-disable no-restricted-imports, no-restricted-properties -- the one place where the defaults of what is passed in are made
import { randomFillSync } from 'node:crypto'
import type { FreshnessClock } from './freshness.ts'

export const systemFreshnessClock: FreshnessClock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
}

/** Unguessable words of 32 bits. */
export function randomWords(count: number): Uint32Array {
  return randomFillSync(new Uint32Array(count))
}
