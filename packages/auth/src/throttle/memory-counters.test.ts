import { expect, test } from 'vitest'
import type { Counter, CounterStore } from '../model/counter.ts'
import { memoryCounters } from './memory-counters.ts'

function put(store: CounterStore, key: string, counter: Counter | null, limit = 'login') {
  return store.change({ limit, key, now: 0 }, () => ({ counter, result: undefined }))
}

function read(store: CounterStore, key: string, limit = 'login'): Promise<Counter | null> {
  return store.change({ limit, key, now: 0 }, (found) => ({ counter: found, result: found }))
}

function counter(taken: number, expiresAt = 100): Counter {
  return { taken, waitUntil: 0, expiresAt }
}

test('a counter is kept as it was left', async () => {
  const store = memoryCounters({ maxCounters: 10 })
  await put(store, 'ada', counter(1))
  expect(await read(store, 'ada')).toEqual(counter(1))
})

test('a counter that was taken away is gone', async () => {
  const store = memoryCounters({ maxCounters: 10 })
  await put(store, 'ada', counter(1))
  await put(store, 'ada', null)
  expect(await read(store, 'ada')).toBeNull()
})

test('limits do not share counters', async () => {
  const store = memoryCounters({ maxCounters: 10 })
  await put(store, 'ada', counter(1), 'login')
  expect(await read(store, 'ada', 'refresh')).toBeNull()
})

test('a flood of new keys pushes out its own, not a counter near its limit', async () => {
  const store = memoryCounters({ maxCounters: 100 })
  await put(store, 'ada', counter(99))
  for (let i = 0; i < 10_000; i += 1) await put(store, `made-up-${i}`, counter(1))
  expect(await read(store, 'ada')).toEqual(counter(99))
})

test('expired counters go before live ones', async () => {
  const store = memoryCounters({ maxCounters: 4 })
  await put(store, 'expired', counter(99, 0))
  for (const key of ['a', 'b', 'c', 'd']) await put(store, key, counter(1))
  const left = await Promise.all(['expired', 'c', 'd'].map((key) => read(store, key)))
  expect(left).toEqual([null, counter(1), counter(1)])
})

test('of equals, the ones idle longest go', async () => {
  const store = memoryCounters({ maxCounters: 4 })
  for (const key of ['a', 'b', 'c', 'd', 'a', 'e']) await put(store, key, counter(1))
  const left = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => read(store, key)))
  expect(left.map((found) => found !== null)).toEqual([true, false, false, false, true])
})

test('of 200,000 keys no more are kept than allowed', async () => {
  const store = memoryCounters({ maxCounters: 1000 })
  for (let i = 0; i < 200_000; i += 1) await put(store, `key-${i}`, counter(1))
  expect([await read(store, 'key-198999'), await read(store, 'key-199999')]).toEqual([
    null,
    counter(1),
  ])
})
