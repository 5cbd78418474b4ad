import { expect, test } from 'vitest'
import { systemRandom } from './random.ts'

test.each([0, 1, 16, 4095, 4096, 4097, 100_000])('%i bytes are that many', (length) => {
  expect(systemRandom.bytes(length)).toHaveLength(length)
})

test('no two draws are alike, whatever was drawn between them', () => {
  const draws = Array.from({ length: 5000 }, (_, index) => {
    systemRandom.bytes(index % 61)
    return Buffer.from(systemRandom.bytes(16)).toString('hex')
  })
  expect(new Set(draws).size).toBe(draws.length)
})

test('every bit of a draw is set about half the time', () => {
  const counts = Array.from({ length: 256 }, () => 0)
  const draws = 4000
  for (let draw = 0; draw < draws; draw++) {
    const bytes = systemRandom.bytes(32)
    for (let bit = 0; bit < 256; bit++) {
      counts[bit] = (counts[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)
    }
  }
  // Eight standard deviations: never by chance.
  const farthest = Math.max(...counts.map((count) => Math.abs(count - draws / 2)))
  expect(farthest).toBeLessThan(8 * Math.sqrt(draws / 4))
})

test('a draw belongs to whoever drew it', () => {
  const first = systemRandom.bytes(16)
  const copy = Uint8Array.from(first)
  systemRandom.bytes(4096)
  expect(first).toEqual(copy)
})
