import { expect, test } from 'vitest'
import { checkGuardOptions, type GuardOptions } from './guard-options.ts'

test('a guard answers by itself unless told otherwise', () => {
  expect(checkGuardOptions()).toEqual({
    onError: 'respond',
    realm: 'api',
    revocation: 'default',
  })
})

test.each([
  { realm: '' },
  { realm: 'a"b' },
  { realm: 'a\\b' },
  { realm: 'a\r\nSet-Cookie: x=y' },
  { realm: 'a'.repeat(65) },
  { realm: 5 },
  { onError: 'ignore' },
  { optional: true },
])('%j is refused', (options) => {
  expect(() => checkGuardOptions(options as GuardOptions)).toThrow(Object.keys(options)[0])
})

test('all wrong options are named at once', () => {
  const options = { realm: '"', onError: 'ignore', optional: true } as unknown as GuardOptions
  expect(() => checkGuardOptions(options)).toThrow(/optional.*onError.*realm/)
})
