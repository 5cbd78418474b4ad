import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

const known = ['verify', 'flood']

test('names are those of benches, and none means all that run together', () => {
  expect(readArguments(['flood', '--quick'], known)).toEqual({
    quick: true,
    help: false,
    names: ['flood'],
  })
  expect(readArguments([], known)).toEqual({ quick: false, help: false, names: [] })
})

test.each([
  [['flod'], 'There is no flod.'],
  [['constructor'], 'There is no constructor.'],
  [['--fast'], "Unknown option '--fast'"],
  [['--quick=yes'], "Option '--quick' does not take an argument"],
])('%j is refused in words', (args, words) => {
  expect(readArguments(args, known)).toContain(words)
})
