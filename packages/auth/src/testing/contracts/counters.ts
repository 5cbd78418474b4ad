import { strict as assert } from 'node:assert'
import type { Counter } from '../../model/counter.ts'
import { impossibleTexts } from './samples.ts'
import { atOnce, crowd, type StoreCase, storeCase } from './store-case.ts'

const which = { limit: 'login', key: '192.0.2.0/24 ada@example.com', now: 1000 }
const counter: Counter = { taken: 1, waitUntil: 0, expiresAt: 2000 }

const oneMore = (found: Counter | null) => ({
  counter: { ...counter, taken: (found?.taken ?? 0) + 1 },
  result: found?.taken ?? 0,
})
const look = (found: Counter | null) => ({ counter: found, result: found })

/** What a `SharedCounterStore` must do. */
export const counterStoreContract: readonly StoreCase[] = [
  storeCase('a counter that nobody kept is not there', async ({ counters }) => {
    assert.equal(await counters.change(which, look), null)
  }),

  storeCase('a counter is kept as its step leaves it', async ({ counters }) => {
    await counters.change(which, () => ({ counter, result: null }))
    assert.deepEqual(await counters.change(which, look), counter)
    const later = { taken: 7, waitUntil: 1500, expiresAt: 3000 }
    await counters.change(which, () => ({ counter: later, result: null }))
    assert.deepEqual(await counters.change(which, look), later)
  }),

  storeCase('a step that leaves no counter removes it', async ({ counters }) => {
    await counters.change(which, () => ({ counter, result: null }))
    await counters.change(which, () => ({ counter: null, result: null }))
    assert.equal(await counters.change(which, look), null)
  }),

  storeCase('counters are told apart by limit and key', async ({ counters }) => {
    await counters.change(which, oneMore)
    assert.equal(await counters.change({ ...which, limit: 'register' }, look), null)
    assert.equal(await counters.change({ ...which, key: 'other' }, look), null)
  }),

  storeCase('of many steps at once, each sees what the one before left', async ({ counters }) => {
    const seen = await atOnce(() => counters.change(which, oneMore))
    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      Array.from({ length: crowd }, (_, index) => index),
    )
  }),

  storeCase('a step that throws changes nothing', async ({ counters }) => {
    await counters.change(which, oneMore)
    const broken = counters.change(which, () => {
      throw new Error('no')
    })
    await assert.rejects(broken, /no/)
    assert.deepEqual(await counters.change(which, look), counter)
  }),

  storeCase('what has expired is removed, and counted', async ({ counters }) => {
    await counters.change(which, oneMore)
    await counters.change({ ...which, key: 'other' }, () => ({
      counter: { ...counter, expiresAt: 2001 },
      result: null,
    }))
    assert.equal(await counters.deleteExpired(1999), 0)
    assert.equal(await counters.deleteExpired(2000), 1)
    assert.equal(await counters.change(which, look), null)
    assert.notEqual(await counters.change({ ...which, key: 'other' }, look), null)
  }),

  storeCase('a key that cannot be kept is refused, and spoils nothing', async ({ counters }) => {
    for (const key of impossibleTexts) {
      await assert.rejects(counters.change({ ...which, key }, oneMore))
    }
    assert.equal(await counters.change(which, oneMore), 0)
  }),
]
