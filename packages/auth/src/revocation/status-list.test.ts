import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeStatusList } from './status-list.ts'

interface Vector {
  readonly bits: 1 | 2 | 4 | 8
  readonly lst: string
  readonly size: number
  readonly nonzero: Readonly<Record<string, number>>
}

const file = new URL('../../vectors/status-list/test-vectors.json', import.meta.url)
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: readonly Vector[] }

const inflate = (lst: string) => inflateSync(Buffer.from(lst, 'base64url'))

test('there are vectors for every size of a status', () => {
  expect(vectors.map(({ bits }) => bits)).toEqual([1, 2, 4, 8])
})

test.each(vectors)('the list of the draft with $bits bits comes out', (vector) => {
  const { bits, size, lst, nonzero } = vector
  const statuses = Object.entries(nonzero).map(
    ([index, status]) => [Number(index), status] as const,
  )
  const list = encodeStatusList(statuses, { bits, size })
  expect(list.bits).toBe(bits)
  expect(inflate(list.lst).equals(inflate(lst))).toBe(true)
})

test('the small example of the draft comes out, byte for byte', () => {
  const set = [0, 3, 4, 5, 7, 8, 9, 13, 15].map((index) => [index, 1] as const)
  const { lst } = encodeStatusList(set, { bits: 1, size: 16 })
  expect(inflate(lst)).toEqual(Buffer.from([0xb9, 0xa3]))
  expect(lst).toBe('eNrbuRgAAhcBXQ')
})

test.each([
  [16, 1],
  [-1, 1],
  [0, 2],
])('index %i with status %i is not put into a list of 16 bits', (index, status) => {
  expect(() => encodeStatusList([[index, status]], { bits: 1, size: 16 })).toThrow(RangeError)
})
