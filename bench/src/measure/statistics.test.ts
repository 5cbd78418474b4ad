import { expect, test } from 'vitest'
import { median, percentile, ratios, spread } from './statistics.ts'

test('the median of an even number of values lies between the middle two', () => {
  expect(median([9, 1, 2, 4])).toBe(3)
})

test('the median of an odd number of values is the middle one', () => {
  expect(median([9, 1, 2])).toBe(2)
})

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index)
  expect(percentile(values, 99)).toBe(198)
})

test('the 99th percentile of few values is the largest', () => {
  expect(percentile([3, 8, 5], 99)).toBe(8)
})

test('nothing has no median', () => {
  expect(() => median([])).toThrow(RangeError)
})

test('a spread keeps the extremes', () => {
  expect(spread([2, 10, 3])).toEqual({ median: 3, min: 2, max: 10 })
})

test('ratios pair the values of the same round', () => {
  expect(ratios([2, 30], [1, 10])).toEqual([2, 3])
})
