import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Freshness } from './freshness.ts'

/** Clocks that a test moves. */
function movableClock() {
  const clock = { now: 1000, wallAhead: 5_000_000 }
  return {
    clock,
    ports: { monotonic: () => clock.now, wall: () => clock.now + clock.wallAhead },
  }
}

test('before the first confirmation the age is not known', () => {
  expect(new Freshness(movableClock().ports).age()).toBe(Number.POSITIVE_INFINITY)
})

test('the age is the time since what was confirmed', () => {
  const { clock, ports } = movableClock()
  const freshness = new Freshness(ports)
  freshness.confirm(900)
  clock.now = 1050
  expect(freshness.age()).toBe(150)
})

test('an older confirmation that comes later changes nothing', () => {
  const { ports } = movableClock()
  const freshness = new Freshness(ports)
  freshness.confirm(950)
  freshness.confirm(700)
  expect(freshness.age()).toBe(50)
})

test('nothing is younger than now', () => {
  const { ports } = movableClock()
  const freshness = new Freshness(ports)
  freshness.confirm(9000)
  expect(freshness.age()).toBe(0)
})

test.each([
  [500, 0],
  [-500, 0],
  [501, Number.POSITIVE_INFINITY],
  [-501, Number.POSITIVE_INFINITY],
])('with the wall clock %i ms off since, the age is %d', (moved, age) => {
  const { clock, ports } = movableClock()
  const freshness = new Freshness(ports)
  freshness.confirm(1000)
  clock.wallAhead += moved
  expect(freshness.age()).toBe(age)
})

test('after a sleep the next confirmation counts again', () => {
  const { clock, ports } = movableClock()
  const freshness = new Freshness(ports)
  freshness.confirm(1000)
  clock.wallAhead += 3_600_000
  clock.now = 1100
  freshness.confirm(1090)
  expect(freshness.age()).toBe(10)
})

test('whatever the network does, a copy never counts as younger than the read behind it', () => {
  const delay = fc.integer({ min: 0, max: 5000 })
  const polls = fc.array(
    fc.record({ pause: delay, there: delay, held: delay, back: delay, readBefore: delay }),
    { minLength: 1, maxLength: 20 },
  )
  fc.assert(
    fc.property(polls, (steps) => {
      const { clock, ports } = movableClock()
      const freshness = new Freshness(ports)
      let newestRead = Number.NEGATIVE_INFINITY
      for (const { pause, there, held, back, readBefore } of steps) {
        clock.now += pause
        const sentAt = clock.now
        const answeredAt = sentAt + there + held
        newestRead = Math.max(newestRead, answeredAt - readBefore)
        clock.now = answeredAt + back
        freshness.confirm(sentAt + held - readBefore)
        expect(freshness.age()).toBeGreaterThanOrEqual(clock.now - newestRead)
      }
    }),
  )
})
