import { expect, test } from 'vitest'
import { checkOrigin } from './origin.ts'

const trustedOrigins = new Set(['https://auth.example.com', 'https://app.example.com'])

function passes(headers: Record<string, string>, usesCookie: boolean): boolean {
  try {
    checkOrigin(new Headers(headers), { trustedOrigins, usesCookie })
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'ORIGIN_REFUSED' })
    return false
  }
}

const site = 'sec-fetch-site'

test.each([
  ['same origin', { [site]: 'same-origin' }],
  [
    'same origin behind a development proxy',
    { [site]: 'same-origin', origin: 'http://localhost:5173' },
  ],
  ['a trusted origin', { [site]: 'cross-site', origin: 'https://app.example.com' }],
  ['a trusted sibling', { [site]: 'same-site', origin: 'https://app.example.com' }],
  ['a trusted origin in an old browser', { origin: 'https://app.example.com' }],
  ['a trusted page in an older one', { referer: 'https://app.example.com/page?x=1' }],
])('with a cookie, %s passes (lesson 21)', (_name, headers) => {
  expect(passes(headers, true)).toBe(true)
})

test.each([
  ['another site', { [site]: 'cross-site', origin: 'https://evil.example' }],
  ['an untrusted sibling', { [site]: 'same-site', origin: 'https://blog.example.com' }],
  ['a navigation', { [site]: 'none' }],
  ['an unknown word', { [site]: 'same-origin-ish' }],
  ['a sandboxed frame', { [site]: 'cross-site', origin: 'null' }],
  ['an old browser elsewhere', { origin: 'https://evil.example' }],
  ['an origin that only starts alike', { origin: 'https://app.example.com.evil.example' }],
  ['an origin with another scheme', { origin: 'http://app.example.com' }],
  ['an origin with a path', { origin: 'https://app.example.com/' }],
  ['a foreign referrer', { referer: 'https://evil.example/?https://app.example.com' }],
  ['a mangled referrer', { referer: 'app.example.com' }],
  ['two origins', { origin: 'https://app.example.com, https://evil.example' }],
  [
    'a trusted referrer under a foreign origin',
    { origin: 'null', referer: 'https://app.example.com/' },
  ],
])('with or without a cookie, %s is refused (lesson 21)', (_name, headers) => {
  expect(passes(headers, true)).toBe(false)
  expect(passes(headers, false)).toBe(false)
})

test('a program that says nothing of where it is passes without a cookie only', () => {
  expect(passes({}, false)).toBe(true)
  expect(passes({}, true)).toBe(false)
})
