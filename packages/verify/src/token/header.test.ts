import { describe, expect, test } from 'vitest'
import { type HeaderRules, readHeader, toMediaType } from './header.ts'

const ours: HeaderRules = { mediaType: 'application/at+jwt', isClosed: true }
const others: HeaderRules = { mediaType: 'application/at+jwt', isClosed: false }
const anyTyp: HeaderRules = { mediaType: null, isClosed: false }

function read(header: unknown, rules: HeaderRules = ours): ReturnType<typeof readHeader> {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  return readHeader(Buffer.from(text).toString('base64url'), rules)
}

const good = { alg: 'ES256', kid: 'k', typ: 'at+jwt' }

test('a good header is read', () => {
  expect(read(good)).toEqual({ algorithm: 'ES256', kid: 'k' })
})

test('Ed25519 is another name of EdDSA', () => {
  expect(read({ ...good, alg: 'Ed25519' }).algorithm).toBe('EdDSA')
})

test.each([
  'none',
  'None',
  'NONE',
  'nOnE',
  'es256',
  'ES256 ',
  'Es256',
  'hs256',
  'HS384',
  'ES384',
  'ES512',
  'ES256K',
  'RS1',
  'RSA1_5',
  'dir',
  'Ed448',
  '',
  'constructor',
  '__proto__',
  null,
  0,
  true,
  ['ES256'],
  { name: 'ES256' },
  undefined,
])('algorithm %j is refused (lesson 1)', (alg) => {
  expect(() => read({ ...good, alg })).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }))
})

test.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+jwt'])(
  'typ %j is an access token (RFC 9068)',
  (typ) => {
    expect(read({ ...good, typ }).kid).toBe('k')
  },
)

test.each([
  'JWT',
  'jwt',
  'at+jwt ',
  'logout+jwt',
  'x/at+jwt',
  'application/application/at+jwt',
  '',
  undefined,
  null,
  1,
  ['at+jwt'],
])('typ %j is another kind of token and refused (G6)', (typ) => {
  expect(() => read({ ...good, typ })).toThrow(
    expect.objectContaining({ detail: 'of another type' }),
  )
})

test('without a demanded type, any typ and none is taken', () => {
  expect([read({ ...good, typ: 7 }, anyTyp).kid, read({ alg: 'ES256' }, anyTyp).kid]).toEqual([
    'k',
    undefined,
  ])
})

describe('of our own tokens', () => {
  test.each(['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'cty', 'zip', 'nonce'])(
    'a header with %s is refused (lesson 4)',
    (member) => {
      expect(() => read({ ...good, [member]: 'x' })).toThrow(
        expect.objectContaining({ detail: 'unknown header member' }),
      )
    },
  )

  test('a header without kid is refused', () => {
    expect(() => read({ alg: 'ES256', typ: 'at+jwt' })).toThrow(
      expect.objectContaining({ detail: 'kid is missing' }),
    )
  })

  test('a shared secret has no name: HS256 needs no kid', () => {
    expect(read({ alg: 'HS256', typ: 'at+jwt' }).kid).toBeUndefined()
  })
})

describe('of the tokens of others', () => {
  test('more members are passed over', () => {
    expect(read({ ...good, x5t: 'x', jku: 'https://evil.test' }, others).kid).toBe('k')
  })

  test.each([
    { crit: ['exp'] },
    { crit: [] },
    { crit: null },
    { crit: 'b64' },
    { b64: false },
    { b64: true },
  ])('the extension %j is refused (lesson 6)', (extension) => {
    expect(() => read({ ...good, ...extension }, others)).toThrow(
      expect.objectContaining({ detail: 'header extension' }),
    )
  })
})

test.each([null, 0, '', ['k'], {}, '\uD800'])('kid %j is refused', (kid) => {
  expect(() => read({ ...good, kid })).toThrow(
    expect.objectContaining({ detail: 'kid has a wrong type' }),
  )
})

test('a kid with the form of a path is a name like any other (lesson 4)', () => {
  expect(read({ ...good, kid: '../../dev/null' }).kid).toBe('../../dev/null')
})

test.each(['[]', 'null', '"at+jwt"', '{"alg":"ES256","alg":"none"}', 'not json'])(
  'a header that is %s is refused',
  (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }))
  },
)

test('a header in base64url with padding is refused', () => {
  const text = Buffer.from(JSON.stringify({ ...good, kid: 'kk' })).toString('base64')
  expect(text.endsWith('=')).toBe(true)
  expect(() => readHeader(text, ours)).toThrow(
    expect.objectContaining({ detail: 'header not base64url' }),
  )
})

test('a header above 2048 characters is refused (lesson 8)', () => {
  expect(() => read({ ...good, kid: 'k'.repeat(2048) })).toThrow(
    expect.objectContaining({ detail: 'header too long' }),
  )
})

test('media types are compared in lower case and with their prefix', () => {
  expect(toMediaType('AT+JWT')).toBe('application/at+jwt')
})
