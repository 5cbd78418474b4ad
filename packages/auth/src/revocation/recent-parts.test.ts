import { expect, test } from 'vitest'
import type { Revocation } from '../model/revocation.ts'
import { RecentParts } from './recent-parts.ts'

const entries = (count: number, name = 's'): Revocation[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'session',
    key: `${name}${index}`,
    floor: 0,
    reason: 'logout',
    expiresAt: 9000,
  }))

test('whoever stands at a known place gets everything after it, in order', () => {
  const recent = new RecentParts()
  recent.add('1', entries(2, 'a'))
  recent.add('3', entries(1, 'b'))
  expect(recent.after('1')?.map(({ key }) => key)).toEqual(['a0', 'a1', 'b0'])
  expect(recent.after('3')?.map(({ key }) => key)).toEqual(['b0'])
})

test('of other places nothing is known', () => {
  const recent = new RecentParts()
  recent.add('1', entries(1))
  expect([recent.after('2'), recent.after('0')]).toEqual([null, null])
})

test('the oldest go when there are too many, and their places with them', () => {
  const recent = new RecentParts()
  for (let part = 0; part < 30; part++) recent.add(String(part), entries(1000))
  expect(recent.after('9')).toBeNull()
  expect(recent.after('10')).toHaveLength(20_000)
})

test('cleared, it knows no place', () => {
  const recent = new RecentParts()
  recent.add('1', entries(1))
  recent.clear()
  expect(recent.after('1')).toBeNull()
})
