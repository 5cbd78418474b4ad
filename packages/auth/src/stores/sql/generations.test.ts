import { expect, test } from 'vitest'
import { decodeGenerations, encodeGenerations } from './generations.ts'

const generation = (fill: number, startedAt: number) => ({
  hash: new Uint8Array(32).fill(fill),
  startedAt,
})

test('generations come back as they were', () => {
  const generations = [generation(255, 2 ** 40), generation(0, 0), generation(7, 1_800_000_000)]
  expect(decodeGenerations(encodeGenerations(generations))).toEqual(generations)
})

test('a generation takes 40 bytes: the hash, then the time', () => {
  const bytes = encodeGenerations([generation(0xab, 0x0102)])
  expect(Buffer.from(bytes).toString('hex')).toBe(`${'ab'.repeat(32)}0000000000000102`)
})

test('a view of a larger piece of memory is read from its start', () => {
  const stored = Buffer.concat([Buffer.from('before'), encodeGenerations([generation(1, 5)])])
  expect(decodeGenerations(stored.subarray(6))).toEqual([generation(1, 5)])
})

test.each([31, 33])('a hash of %i bytes is refused', (length) => {
  const wrong = { hash: new Uint8Array(length), startedAt: 0 }
  expect(() => encodeGenerations([wrong])).toThrow(TypeError)
})

test.each([39, 41])('%i bytes are not generations', (length) => {
  expect(() => decodeGenerations(new Uint8Array(length))).toThrow('damaged')
})
