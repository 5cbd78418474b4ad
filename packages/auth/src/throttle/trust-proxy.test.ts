import { expect, test } from 'vitest'
import { parseTrustProxy } from './trust-proxy.ts'

test('none trusts nobody', () => {
  expect(parseTrustProxy('none')({ address: '127.0.0.1', distance: 0 })).toBe(false)
})

test('a number trusts so many hops, whatever their address', () => {
  const trust = parseTrustProxy('2')
  const trusted = [0, 1, 2].map((distance) => trust({ address: '203.0.113.9', distance }))
  expect(trusted).toEqual([true, true, false])
})

test.each([
  ['10.1.2.3', true],
  ['11.1.2.3', false],
  ['192.0.2.7', true],
  ['192.0.2.8', false],
  ['2001:db8:ffff::1', true],
  ['2001:db9::1', false],
  ['unknown', false],
])('a list decides by address: %s is trusted: %s', (address, expected) => {
  const trust = parseTrustProxy('10.0.0.0/8, 192.0.2.7 ,2001:DB8::/32')
  expect(trust({ address, distance: 5 })).toBe(expected)
})

test('an IPv4-mapped address in the list means the IPv4 address', () => {
  const trust = parseTrustProxy('::ffff:192.0.2.7')
  expect(trust({ address: '192.0.2.7', distance: 0 })).toBe(true)
})

test.each([
  '',
  'all',
  'true',
  '-1',
  '1.5',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/x',
  '2001:db8::/129',
  '::ffff:10.0.0.0/104',
  '::ffff:10.0.0.0/8',
  '10.0.0.1,',
])('"%s" is refused', (text) => {
  expect(() => parseTrustProxy(text)).toThrow(TypeError)
})

test.each(['0.0.0.0/0', '::/0'])('%s is refused, as it believes everybody', (text) => {
  expect(() => parseTrustProxy(text)).toThrow(TypeError)
})

test.each(['0', '17'])('%s proxies are refused', (text) => {
  expect(() => parseTrustProxy(text)).toThrow('a number of proxies must be 1 to 16')
})

test('every wrong entry is named', () => {
  expect(() => parseTrustProxy('10.0.0.1, nginx, 10.0.0.0/99')).toThrow('"nginx", "10.0.0.0/99"')
})
