import type { CounterStore } from '../model/counter.ts'
import type { Logger } from '../ports/logger.ts'

/**
 * Counts in `first`, and in `second` whenever that fails: a store that is down must neither
 * lift the limits nor lock everybody out. The log says when it fails and when it works again.
 *
 * The two are not reconciled: what one counted, the other does not know.
 */
export function countersWithFallback(
  { log }: { log: Logger },
  { first, second }: { first: CounterStore; second: CounterStore },
): CounterStore {
  let isFailing = false

  return {
    async change(key, step) {
      try {
        const result = await first.change(key, step)
        if (isFailing) log.warn({}, 'limits are counted in the store again')
        isFailing = false
        return result
      } catch (error) {
        if (!isFailing) log.error({ err: error }, 'the counter store fails: limits count in memory')
        isFailing = true
        return second.change(key, step)
      }
    },
  }
}
