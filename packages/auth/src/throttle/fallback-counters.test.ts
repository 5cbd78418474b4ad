import { expect, test } from 'vitest'
import type { CounterStore } from '../model/counter.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import { countersWithFallback } from './fallback-counters.ts'
import { memoryCounters } from './memory-counters.ts'

function fakeLog(): Logger & { lines: string[] } {
  const lines: string[] = []
  return {
    ...silentLogger,
    lines,
    warn: (_, message) => lines.push(`warn: ${message}`),
    error: (_, message) => lines.push(`error: ${message}`),
  }
}

/** Counters in memory that can be made to fail. */
function fragileCounters(): CounterStore & { down: boolean } {
  const memory = memoryCounters({ maxCounters: 10 })
  return {
    down: false,
    change(key, step) {
      return this.down ? Promise.reject(new Error('down')) : memory.change(key, step)
    },
  }
}

function count(store: CounterStore): Promise<number> {
  return store.change({ limit: 'login', key: 'ada', now: 0 }, (found) => {
    const taken = (found?.taken ?? 0) + 1
    return { counter: { taken, waitUntil: 0, expiresAt: 100 }, result: taken }
  })
}

function setUp() {
  const log = fakeLog()
  const first = fragileCounters()
  const second = memoryCounters({ maxCounters: 10 })
  return { log, first, store: countersWithFallback({ log }, { first, second }) }
}

test('limits go on counting in memory when the store fails', async () => {
  const { first, store } = setUp()
  first.down = true
  expect([await count(store), await count(store)]).toEqual([1, 2])
})

test('the store counts again as soon as it works', async () => {
  const { first, store } = setUp()
  await count(store)
  first.down = true
  await count(store)
  first.down = false
  expect(await count(store)).toBe(2)
})

test('the log tells once when the store fails and once when it works again', async () => {
  const { log, first, store } = setUp()
  for (const down of [false, true, true, false, false]) {
    first.down = down
    await count(store)
  }
  expect(log.lines).toEqual([
    'error: the counter store fails: limits count in memory',
    'warn: limits are counted in the store again',
  ])
})
