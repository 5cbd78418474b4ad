import { expect, test } from 'vitest'
import { inWords } from './duration-words.ts'

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 min'],
  [370, '6 min 10 s'],
  [3600, '1 h'],
  [3660, '1 h 1 min'],
  [3601, '1 h'],
  [86_400, '1 d'],
  [30 * 86_400 + 7200, '30 d 2 h'],
])('%i seconds are %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words)
})
