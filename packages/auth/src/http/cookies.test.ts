import { expect, test } from 'vitest'
import { cookieShape, readCookie, serializeCookie } from './cookies.ts'

test('over https a cookie is tied to its host by prefix and attributes (G7)', () => {
  const cookie = serializeCookie(cookieShape('refresh_token', true), 'value', 60)
  expect(cookie).toBe(
    '__Host-refresh_token=value; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure',
  )
})

test('over http on loopback a cookie has no prefix, which a browser would refuse (G7)', () => {
  const cookie = serializeCookie(cookieShape('refresh_token', false), 'value', 60)
  expect(cookie).toBe('refresh_token=value; Path=/; Max-Age=60; HttpOnly; SameSite=Strict')
})

test('a cookie is cleared with the attributes it was set with', () => {
  const shape = cookieShape('refresh_token', true)
  const attributes = (text: string) => text.replace(/^[^;]*; /, '').replace(/Max-Age=\d+/, '')
  expect(attributes(serializeCookie(shape, '', -5))).toBe(
    attributes(serializeCookie(shape, 'value', 60)),
  )
  expect(serializeCookie(shape, '', -5)).toContain('Max-Age=0')
})

test.each([
  ['a=1; refresh_token=x; b=2', ['x']],
  ['refresh_token=x', ['x']],
  ['refresh_token=', ['']],
  ['refresh_token=a; refresh_token=b', ['a', 'b']],
  ['xrefresh_token=x', []],
  ['Refresh_Token=x', []],
  ['__Host-refresh_token=x', []],
  ['refresh_token =x', []],
  ['refresh_token=a=b', ['a=b']],
  ['', []],
  [';;; ;', []],
])('of %j the exact cookie reads as %j (lesson 23)', (header, values) => {
  expect(readCookie(new Headers({ cookie: header }), 'refresh_token')).toEqual(values)
})

test('only space and tab are trimmed around a cookie, so that no other name looks like ours (lesson 23)', () => {
  const headers = {
    get: () => ' \trefresh_token=x\u00a0; \u00a0refresh_token=y',
  } as unknown as Headers
  expect(readCookie(headers, 'refresh_token')).toEqual(['x\u00a0'])
})
