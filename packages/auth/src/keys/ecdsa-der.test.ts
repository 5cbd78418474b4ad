import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { fromDer } from './ecdsa-der.ts'

const integer = (...bytes: number[]) => [0x02, bytes.length, ...bytes]
const sequence = (...parts: number[][]) => {
  const content = parts.flat()
  return Uint8Array.of(0x30, content.length, ...content)
}

test('short numbers are filled up with zeros', () => {
  const expected = new Uint8Array(64)
  expected.set([0x12, 0x34], 30)
  expected.set([0x56], 63)
  expect(fromDer(sequence(integer(0x12, 0x34), integer(0x56)))).toEqual(expected)
})

test('the zero before a set first bit goes', () => {
  const r = [0xff, ...Array.from({ length: 31 }, () => 1)]
  const s = [0x80, ...Array.from({ length: 31 }, () => 2)]
  expect([...fromDer(sequence(integer(0, ...r), integer(0, ...s)))]).toEqual([...r, ...s])
})

test('what was signed verifies, whatever the lengths of its numbers', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const lengths = new Set<number>()
  for (let count = 0; count < 2000; count++) {
    const data = Buffer.from(`message ${count}`)
    const der = sign('sha256', data, privateKey)
    lengths.add(der.length)
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const
    expect(verify('sha256', data, key, fromDer(der))).toBe(true)
  }
  expect(lengths.size).toBeGreaterThanOrEqual(3)
})
