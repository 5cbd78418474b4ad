import { expect, test } from 'vitest'
import { decodeBase64Url } from './base64url.ts'

test('canonical base64url is decoded', () => {
  expect(decodeBase64Url('-_8A')).toEqual(Buffer.from([0xfb, 0xff, 0x00]))
})

test.each([
  ['padding', 'Zg=='],
  ['white space', 'Zm 9v'],
  ['a line feed at the end', 'Zm9v\n'],
  ['the alphabet of base64', '+/8A'],
  ['stray bits in the last character', 'Zh'],
  ['a single character left over', 'Zm9vY'],
  ['a character beyond ASCII', 'Zm9\u0176'],
])('%s is refused', (_what, text) => {
  expect(decodeBase64Url(text)).toBeNull()
})
