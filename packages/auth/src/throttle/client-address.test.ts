import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientAddress } from './client-address.ts'
import { parseTrustProxy } from './trust-proxy.ts'

const none = parseTrustProxy('none')
const one = parseTrustProxy('1')
const two = parseTrustProxy('2')
const inside = parseTrustProxy('10.0.0.0/8')
const proxy = '10.0.0.1'
const caller = '203.0.113.7'

function seen(headers: { forwardedFor?: string; forwarded?: string }, trust = one, peer = proxy) {
  const { forwardedFor = null, forwarded = null } = headers
  return clientAddress({ peer, forwardedFor, forwarded }, trust)
}

test('without a trusted proxy headers are not believed', () => {
  expect(seen({ forwardedFor: caller, forwarded: `for=${caller}` }, none)).toBe(proxy)
})

test('a peer that is no proxy of ours is the caller, whatever it says', () => {
  expect(seen({ forwardedFor: '192.0.2.1' }, inside, caller)).toBe(caller)
})

test('a trusted proxy without headers is the caller', () => {
  expect(seen({})).toBe(proxy)
})

test('a caller behind a proxy is whom the proxy names', () => {
  expect(seen({ forwardedFor: caller })).toBe(caller)
})

test('what a caller claims is not reached', () => {
  expect(seen({ forwardedFor: `127.0.0.1, 192.0.2.1, ${caller}` })).toBe(caller)
})

test('a row of proxies is followed to the right-most address that is not one', () => {
  const forwardedFor = `127.0.0.1, ${caller}, 10.0.0.3, 10.0.0.2`
  expect(seen({ forwardedFor }, inside)).toBe(caller)
})

test('two proxies are two hops', () => {
  expect(seen({ forwardedFor: `192.0.2.1, ${caller}, 10.0.0.2` }, two)).toBe(caller)
})

test('with fewer hops than proxies the first one counts', () => {
  expect(seen({ forwardedFor: caller }, two)).toBe(caller)
})

test('when everybody is a proxy the first one counts', () => {
  expect(seen({ forwardedFor: '10.0.0.4, 10.0.0.3' }, inside)).toBe('10.0.0.4')
})

test.each([
  'unknown',
  '_hidden',
  '',
  '203.0.113.999',
  'localhost',
  '[203.0.113.7',
  '203.0.113.7:80:90',
])('a proxy that names no address ("%s") is counted itself', (hop) => {
  expect(seen({ forwardedFor: `192.0.2.1, ${hop}` })).toBe(proxy)
})

test('a hop that is no address ends the search even among trusted ones', () => {
  expect(seen({ forwardedFor: `${caller}, unknown, 10.0.0.2` }, inside)).toBe('10.0.0.2')
})

test.each([
  [`${caller}:4711`, caller],
  [' 2001:DB8::1 ', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  [`::ffff:${caller}`, caller],
])('a hop "%s" is %s', (hop, address) => {
  expect(seen({ forwardedFor: hop })).toBe(address)
})

test('an IPv4-mapped peer counts as IPv4', () => {
  expect(seen({ forwardedFor: caller }, inside, '::ffff:10.0.0.1')).toBe(caller)
})

test('a peer on a Unix socket has no address', () => {
  expect(clientAddress({ peer: undefined, forwardedFor: null, forwarded: null }, none)).toBe(
    'unknown',
  )
})

test('a proxy on a Unix socket is believed by number', () => {
  expect(clientAddress({ peer: undefined, forwardedFor: caller, forwarded: null }, one)).toBe(
    caller,
  )
})

describe('the header Forwarded', () => {
  test.each([
    [`for=${caller}`, caller],
    [`For=${caller};proto=https;by=10.0.0.1`, caller],
    [`proto=https; for="${caller}:4711"`, caller],
    ['for="[2001:db8::1]:4711"', '2001:db8::1'],
    [`for=127.0.0.1, for=${caller}`, caller],
  ])('%s names %s', (forwarded, address) => {
    expect(seen({ forwarded })).toBe(address)
  })

  test.each([
    'for=unknown',
    'for=_hidden',
    'proto=https',
    'for=',
    'for="',
    `for=192.0.2.1;for=${caller}`,
    `xfor=${caller}`,
  ])('%s names nobody: the proxy is counted', (forwarded) => {
    expect(seen({ forwarded })).toBe(proxy)
  })

  test('a quote that a caller left open does not swallow what the proxy appended', () => {
    expect(seen({ forwarded: `for="192.0.2.1, for=${caller}` })).toBe(caller)
  })

  test('agreeing headers name the caller', () => {
    expect(seen({ forwardedFor: caller, forwarded: `for="${caller}:80"` })).toBe(caller)
  })

  test('disagreeing headers count for the peer, as one of them may be made up', () => {
    expect(seen({ forwardedFor: caller, forwarded: 'for=192.0.2.1' })).toBe(proxy)
  })
})

describe('whatever a caller writes', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom(...Array.from('for=,;"[]:. 10')) }),
  )

  test('into X-Forwarded-For, it is counted by the address the proxy saw', () => {
    fc.assert(
      fc.property(anything, (claim) => {
        expect(seen({ forwardedFor: `${claim}, ${caller}` }, inside)).toBe(caller)
        expect(seen({ forwardedFor: `${claim}, ${caller}` }, one)).toBe(caller)
      }),
    )
  })

  test('into Forwarded, it is counted by the address the proxy saw', () => {
    fc.assert(
      fc.property(anything, (claim) => {
        expect(seen({ forwarded: `${claim}, for=${caller}` }, inside)).toBe(caller)
      }),
    )
  })

  test('into the header our proxy does not set, it is counted by a true address', () => {
    fc.assert(
      fc.property(anything, (claim) => {
        expect([caller, proxy]).toContain(seen({ forwardedFor: caller, forwarded: claim }))
        expect([caller, proxy]).toContain(seen({ forwardedFor: claim, forwarded: `for=${caller}` }))
      }),
    )
  })
})
