import { expect, test } from 'vitest'
import { rankDifference } from './ranks.ts'

const sample = (offset: number) => Array.from({ length: 40 }, (_, i) => ((i * 17) % 40) + offset)

test('equal samples do not differ in rank', () => {
  expect(rankDifference(sample(0), sample(0))).toBe(0)
})

test('a sample that is larger throughout differs as much as any can', () => {
  expect(rankDifference(sample(0), sample(100))).toBeGreaterThan(7)
  expect(rankDifference(sample(100), sample(0))).toBeLessThan(-7)
})

test('one value that is far off makes no difference', () => {
  expect(Math.abs(rankDifference(sample(0), [...sample(0).slice(1), 1e9]))).toBeLessThan(1)
})
