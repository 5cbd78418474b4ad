import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Counter } from '../model/counter.ts'
import { givePointBack, type Limit, takePoint } from './counter.ts'

const plain: Limit = { name: 'plain', points: 3, windowSeconds: 100 }
const waiting: Limit = { ...plain, waitsSeconds: [10, 20, 40] }

/** Tries once at each time; answers what each was told, 0 meaning admitted. */
function tries(limit: Limit, times: readonly number[]): number[] {
  let counter: Counter | null = null
  return times.map((now) => {
    const take = takePoint(limit, counter, now)
    if (!take.admitted) return take.retryAfterSeconds
    counter = take.counter
    return 0
  })
}

test('a limit admits as many tries as it has points', () => {
  expect(tries(plain, [0, 0, 0, 0])).toEqual([0, 0, 0, 100])
})

test('a window starts with its first try and ends for all of them together', () => {
  expect(tries(plain, [0, 50, 99, 99, 100, 100, 100, 100])).toEqual([0, 0, 0, 1, 0, 0, 0, 100])
})

test('a refused try does not prolong the window', () => {
  expect(tries(plain, [0, 0, 0, 99, 100])).toEqual([0, 0, 0, 1, 0])
})

test('waits grow with each further try, and the last one repeats', () => {
  expect(tries(waiting, [0, 0, 0, 1, 10, 11, 30, 31, 70, 71, 110, 111])).toEqual([
    0, 0, 0, 9, 0, 19, 0, 39, 0, 39, 0, 39,
  ])
})

test('waits are remembered for one window after they end', () => {
  expect(tries(waiting, [0, 0, 0, 109, 110])).toEqual([0, 0, 0, 0, 19])
  expect(tries(waiting, [0, 0, 0, 110, 110, 110, 110])).toEqual([0, 0, 0, 0, 0, 0, 10])
})

test('a try given back can be made again', () => {
  const full = { taken: 3, waitUntil: 100, expiresAt: 100 }
  const counter = givePointBack(full, 50)
  expect(takePoint(plain, counter, 50).admitted).toBe(true)
})

test('only one try is given back at a time', () => {
  const full = { taken: 3, waitUntil: 100, expiresAt: 100 }
  expect(givePointBack(full, 50)).toEqual({ taken: 2, waitUntil: 0, expiresAt: 100 })
})

test.each([
  ['there is no counter', null],
  ['it was the only one', { taken: 1, waitUntil: 0, expiresAt: 100 }],
  ['the window is over', { taken: 3, waitUntil: 100, expiresAt: 50 }],
])('nothing is left after giving back when %s', (_, counter) => {
  expect(givePointBack(counter, 50)).toBeNull()
})

test('no order of tries and returns admits more than the points in a window', () => {
  const steps = fc.array(fc.record({ pause: fc.nat(30), gives: fc.boolean() }), { minLength: 20 })
  fc.assert(
    fc.property(steps, (all) => {
      let counter: Counter | null = null
      let now = 0
      let unreturned: number[] = []
      for (const { pause, gives } of all) {
        now += pause
        const take = takePoint(plain, counter, now)
        if (!take.admitted) continue
        counter = gives ? givePointBack(take.counter, now) : take.counter
        if (!gives) unreturned = [...unreturned, now]
      }
      // Windows are fixed: two may meet, but no more fit into the length of one.
      for (const start of unreturned) {
        const within = unreturned.filter((at) => at >= start && at < start + plain.windowSeconds)
        expect(within.length).toBeLessThanOrEqual(2 * plain.points - 1)
      }
    }),
  )
})
