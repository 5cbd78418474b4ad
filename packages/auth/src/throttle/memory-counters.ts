import type { EpochSeconds } from '../base/time.ts'
import type { Counter } from './counter.ts'
import type { CounterStore } from './counter-store.ts'

/** Counters a limit keeps before it must forget some: about 25 MB with the longest keys. */
export const defaultMaxCounters = 50_000

// How many of the oldest counters are compared when one has to go.
const candidates = 16

/**
 * Keeps counters in this process.
 *
 * Bounded, however many keys strangers make up: each limit forgets on its own, the expired
 * first, then whoever has tried least among those that were idle longest. A flood of new keys
 * so pushes out its own kind, not a counter near its limit.
 */
export function memoryCounters({ maxCounters }: { maxCounters: number }): CounterStore {
  const limits = new Map<string, Map<string, Counter>>()

  return {
    async change({ limit, key, now }, step) {
      const counters = limits.get(limit) ?? new Map<string, Counter>()
      limits.set(limit, counters)
      const { counter, result } = step(counters.get(key) ?? null)
      // Put at the end again: a map keeps the order of insertion, here the longest idle first.
      counters.delete(key)
      if (counter) counters.set(key, counter)
      if (counters.size > maxCounters) forgetOne(counters, now)
      return result
    },
  }
}

function forgetOne(counters: Map<string, Counter>, now: EpochSeconds): void {
  let chosen: { key: string; worth: number } | undefined
  let compared = 0
  for (const [key, { taken, expiresAt }] of counters) {
    const worth = expiresAt <= now ? 0 : taken
    if (!chosen || worth < chosen.worth) chosen = { key, worth }
    compared += 1
    if (compared === candidates) break
  }
  if (chosen) counters.delete(chosen.key)
}
