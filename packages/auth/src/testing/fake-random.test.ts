import { expect, test } from 'vitest'
import { fakeRandom } from './fake-random.ts'

test('equal seeds give equal bytes', () => {
  expect(fakeRandom('a').bytes(40)).toEqual(fakeRandom('a').bytes(40))
})

test('another seed gives other bytes', () => {
  expect(fakeRandom('a').bytes(16)).not.toEqual(fakeRandom('b').bytes(16))
})

test('two calls give different bytes of the length asked for', () => {
  const random = fakeRandom()
  const [first, second] = [random.bytes(33), random.bytes(33)]
  expect([first.length, second.length]).toEqual([33, 33])
  expect(first).not.toEqual(second)
})
