import { describe, expect, test } from 'vitest'
import { generateKeys, publicJwk } from '../testing/test-issuer.ts'
import { importJwks, selectKey } from './jwks.ts'
import { staticKeySet } from './static-key-set.ts'

function jwk(kid: string, algorithm: 'ES256' | 'EdDSA' = 'ES256') {
  return publicJwk(generateKeys(algorithm).publicKey, { kid, algorithm })
}

const kids = (jwks: unknown) => importJwks(jwks).map(({ kid }) => kid)

test('keys that cannot verify access tokens are passed over', () => {
  const others = [
    { ...jwk('enc'), use: 'enc' },
    { ...jwk('future'), kty: 'AKP', alg: 'ML-DSA-44' },
    { ...jwk('curve'), crv: 'P-521' },
    null,
    'text',
  ]
  expect(kids({ keys: [...others, jwk('a'), jwk('b')] })).toEqual(['a', 'b'])
})

describe('a set is refused', () => {
  test('when it holds a symmetric key, beside good ones too', () => {
    const keys = [jwk('a'), { kty: 'oct', k: 'A'.repeat(43), alg: 'HS256' }]
    expect(() => importJwks({ keys })).toThrow('private or symmetric')
  })

  test('when it gives a private key away', () => {
    expect(() => importJwks({ keys: [jwk('a'), { ...jwk('b'), d: 'AA' }] })).toThrow(
      'private or symmetric',
    )
  })

  test('when two usable keys have one name', () => {
    expect(() => importJwks({ keys: [jwk('a'), jwk('a', 'EdDSA')] })).toThrow('same kid')
  })

  test('when no key is usable, with the reason for each', () => {
    expect(() => importJwks({ keys: [{ ...jwk('a'), use: 'enc' }] })).toThrow(
      'No key is usable. Key 0 is not for verifying signatures.',
    )
  })

  test.each([null, 'text', [], {}, { keys: {} }, { keys: 'x' }, { keys: [] }])(
    'when it is none: %j',
    (jwks) => {
      expect(() => importJwks(jwks)).toThrow(/not a JWK Set|No key is usable/)
    },
  )
})

describe('the key for a token', () => {
  const keys = importJwks({ keys: [jwk('a'), jwk('b'), jwk('c', 'EdDSA')] })
  const select = (kid: string | undefined, algorithm: string) =>
    selectKey(keys, kid, algorithm)?.kid ?? null

  test('is the one of its name', () => {
    expect(select('b', 'ES256')).toBe('b')
  })

  test('is none when the algorithm is not that of the key (lesson 1)', () => {
    expect(select('b', 'HS256')).toBeNull()
  })

  test.each(['B', 'b ', '', '__proto__', 'constructor', '0', '*'])(
    'is none for another name: %j (lesson 4)',
    (kid) => {
      expect(select(kid, 'ES256')).toBeNull()
    },
  )

  test('without a name is the only one of its algorithm', () => {
    expect(select(undefined, 'EdDSA')).toBe('c')
  })

  test('without a name is none when several could be meant', () => {
    expect(select(undefined, 'ES256')).toBeNull()
  })
})

test('a fixed set finds its keys and never changes', () => {
  const source = staticKeySet({ keys: [jwk('a')] })
  expect([source.find('a', 'ES256'), source.version]).toEqual([
    expect.objectContaining({ kid: 'a' }),
    0,
  ])
})
