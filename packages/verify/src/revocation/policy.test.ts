import { expect, test } from 'vitest'
import { judge, type RevocationPolicy } from './policy.ts'

const never = Number.POSITIVE_INFINITY

// What the guide promises, a row each. `young`: issued at most 300 s ago.
const ladder: readonly [RevocationPolicy, 'reads' | 'writes', number, 'young' | 'old', string][] = [
  ['strict', 'reads', 0, 'old', 'local'],
  ['strict', 'reads', 1000, 'old', 'local'],
  ['strict', 'reads', 1001, 'young', 'introspect'],
  ['strict', 'writes', 300_000, 'young', 'introspect'],
  ['strict', 'reads', 300_001, 'young', 'unavailable'],
  ['strict', 'reads', never, 'young', 'unavailable'],
  ['default', 'writes', 1000, 'old', 'local'],
  ['default', 'reads', 1001, 'old', 'counted'],
  ['default', 'reads', 15_000, 'old', 'counted'],
  ['default', 'reads', 15_001, 'old', 'introspect'],
  ['default', 'writes', 1001, 'young', 'introspect'],
  ['default', 'reads', 300_000, 'young', 'introspect'],
  ['default', 'reads', 300_001, 'young', 'unavailable'],
  ['default', 'writes', never, 'young', 'unavailable'],
  ['available', 'writes', 1000, 'old', 'local'],
  ['available', 'writes', 1001, 'old', 'counted'],
  ['available', 'writes', 15_000, 'old', 'counted'],
  ['available', 'writes', 15_001, 'young', 'counted'],
  ['available', 'writes', 15_001, 'old', 'introspect'],
  ['available', 'writes', 300_000, 'old', 'introspect'],
  ['available', 'writes', 300_001, 'old', 'counted'],
  ['available', 'reads', never, 'old', 'counted'],
]

test.each(ladder)('%s, %s, a copy of %d ms, a token that is %s: %s', (...row) => {
  const [policy, method, ageMs, age, expected] = row
  const issuedAgoSeconds = age === 'young' ? 300 : 301
  expect(judge({ policy, isSafe: method === 'reads', ageMs, issuedAgoSeconds })).toBe(expected)
})

test('an age that is no number is never fresh', () => {
  for (const policy of ['strict', 'default'] as const) {
    const situation = { policy, isSafe: true, ageMs: Number.NaN, issuedAgoSeconds: 0 }
    expect(judge(situation)).not.toBe('local')
  }
})
