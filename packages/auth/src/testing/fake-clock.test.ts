import { expect, test } from 'vitest'
import { fakeClock } from './fake-clock.ts'

test('time stands still until it is moved', () => {
  const clock = fakeClock(1000)
  expect([clock.now(), clock.now(), clock.monotonicMs()]).toEqual([1000, 1000, 0])
})

test('advancing moves both readings', () => {
  const clock = fakeClock(1000)
  clock.advance(2)
  expect([clock.now(), clock.monotonicMs()]).toEqual([1002, 2000])
})

test('fractions of a second add up', () => {
  const clock = fakeClock(1000)
  clock.advance(0.5)
  clock.advance(0.5)
  expect(clock.now()).toBe(1001)
})
