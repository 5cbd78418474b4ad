import fc from 'fast-check'
import { expect, test } from 'vitest'
import { networkOf, parseAddress } from './address.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:0:0::1', '2001:db8::1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1'],
])('%s is the address %s', (text, address) => {
  expect(parseAddress(text)).toBe(address)
})

test.each([
  '',
  'unknown',
  'localhost',
  '192.0.2',
  '192.0.2.256',
  '192.0.2.01',
  '1:2',
  ' 192.0.2.1',
])('"%s" is no address', (text) => {
  expect(parseAddress(text)).toBeNull()
})

test.each([
  ['192.0.2.1', '192.0.2.0/24'],
  ['::ffff:192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::5', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['1::2:3:4:5', '1:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['::1.2.3.4', '0:0:0:0::/64'],
  ['somewhere', 'unknown'],
])('%s is in the network %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})

test('an address is read the same in its canonical spelling', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseAddress(text)
      expect(parseAddress(address ?? '')).toBe(address)
    }),
  )
})

test('an IPv4 address and its mapped form are one caller', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(networkOf(`::ffff:${address}`)).toBe(networkOf(address))
    }),
  )
})

test('IPv6 addresses share a network exactly when their first 64 bits are equal', () => {
  const group = fc.constantFrom(0, 0, 1, 0xdb8, 0xffff)
  const address = fc.array(group, { minLength: 8, maxLength: 8 })
  const spelled = (groups: number[]) => groups.map((value) => value.toString(16)).join(':')
  fc.assert(
    fc.property(address, address, (a, b) => {
      // An IPv4-mapped one counts as IPv4.
      fc.pre([a, b].every((groups) => groups.slice(0, 5).some((value) => value !== 0)))
      const isSameHalf = a.slice(0, 4).join() === b.slice(0, 4).join()
      expect(networkOf(spelled(a)) === networkOf(spelled(b))).toBe(isSameHalf)
    }),
  )
})
