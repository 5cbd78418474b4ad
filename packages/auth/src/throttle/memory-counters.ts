import type { EpochSeconds } from '../base/time.ts'
import type { Counter, CounterStore } from '../model/counter.ts'

/** Counters a limit keeps at most. With the longest keys they take about 10 MB. */
export const defaultMaxCounters = 20_000

// What is left after a sweep: the rest is room for new counters until the next one.
const keptShare = 0.5

/**
 * Keeps counters in this process.
 *
 * Bounded, however many keys strangers make up: a limit that has too many counters forgets
 * those that expired and then those with the fewest tries. A flood of new keys so pushes out
 * its own kind, not a counter near its limit.
 */
export function memoryCounters({ maxCounters }: { maxCounters: number }): CounterStore {
  const limits = new Map<string, Map<string, Counter>>()

  return {
    async change({ limit, key, now }, step) {
      const counters = limits.get(limit) ?? new Map<string, Counter>()
      const { counter, result } = step(counters.get(key) ?? null)
      // Deleted first, so that it comes last again: of equals the one idle longest is forgotten.
      counters.delete(key)
      if (counter) counters.set(key, counter)
      const keep = Math.floor(maxCounters * keptShare)
      limits.set(limit, counters.size > maxCounters ? swept(counters, { keep, now }) : counters)
      return result
    },
  }
}

// Many at a time, into a new map: deleting one by one from the front of a map takes ever
// longer, as the engine walks over the holes left behind.
function swept(
  counters: Map<string, Counter>,
  { keep, now }: { keep: number; now: EpochSeconds },
): Map<string, Counter> {
  const live = [...counters].filter(([, { expiresAt }]) => now < expiresAt)
  return new Map(live.toSorted(([, a], [, b]) => a.taken - b.taken).slice(-keep))
}
