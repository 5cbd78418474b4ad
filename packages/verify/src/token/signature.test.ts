import { createSecretKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Algorithm } from '../keys/key-source.ts'
import { signJws } from '../testing/sign-jws.ts'
import { generateKeys } from '../testing/test-issuer.ts'
import { isSignatureValid } from './signature.ts'

const secret = createSecretKey(Buffer.alloc(32, 1))
const pairs = {
  ES256: generateKeys('ES256'),
  EdDSA: generateKeys('EdDSA'),
  RS256: generateKeys('RS256'),
  PS256: generateKeys('PS256'),
  HS256: { publicKey: secret, privateKey: secret },
}
const algorithms = Object.keys(pairs) as Algorithm[]

function signed(algorithm: Algorithm, key = pairs[algorithm].privateKey) {
  const jws = signJws({ header: { alg: algorithm }, payload: {}, algorithm, key })
  const end = jws.lastIndexOf('.')
  return {
    data: Buffer.from(jws.slice(0, end)),
    signature: Buffer.from(jws.slice(end + 1), 'base64url'),
  }
}

function key(algorithm: Algorithm, of: Algorithm = algorithm) {
  return { kid: undefined, algorithm, key: pairs[of].publicKey }
}

describe.each(algorithms)('%s', (algorithm) => {
  test('a good signature is valid', () => {
    const { data, signature } = signed(algorithm)
    expect(isSignatureValid(key(algorithm), data, signature)).toBe(true)
  })

  test('one changed bit of the data makes it invalid', () => {
    const { data, signature } = signed(algorithm)
    data[0] = (data[0] ?? 0) ^ 1
    expect(isSignatureValid(key(algorithm), data, signature)).toBe(false)
  })

  test('a signature of another length is invalid, not an exception', () => {
    const { data, signature } = signed(algorithm)
    const others = [
      Buffer.alloc(0),
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([signature, Buffer.alloc(1)]),
      Buffer.alloc(signature.length),
    ]
    expect(others.some((other) => isSignatureValid(key(algorithm), data, other))).toBe(false)
  })

  // RS256 and PS256 have one kind of key: there the algorithm of the key decides.
  const rsa = ['RS256', 'PS256']
  const strangers = algorithms.filter(
    (other) => other !== algorithm && !(rsa.includes(other) && rsa.includes(algorithm)),
  )
  test.each(strangers)('a key of the kind of %s verifies nothing (lesson 1)', (other) => {
    const { data, signature } = signed(other)
    expect(isSignatureValid(key(algorithm, other), data, signature)).toBe(false)
  })
})

test('a signature of RS256 is none of PS256, for one and the same key', () => {
  const { data, signature } = signed('RS256')
  expect(isSignatureValid(key('PS256', 'RS256'), data, signature)).toBe(false)
})

describe('an RSA-PSS key', () => {
  const pss = { hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 } as const
  const verifies = (parameters: object, algorithm: Algorithm = 'PS256') => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      ...parameters,
    })
    const { data, signature } = signed('PS256', privateKey)
    return isSignatureValid({ kid: undefined, algorithm, key: publicKey }, data, signature)
  }

  test('with the parameters of PS256 verifies PS256', () => {
    expect(verifies(pss)).toBe(true)
  })

  test('without parameters verifies nothing, though it could', () => {
    expect(verifies({})).toBe(false)
  })

  test('verifies no RS256', () => {
    expect(verifies(pss, 'RS256')).toBe(false)
  })
})

test('a signature of ES256 with a zero in front of s is another one, and invalid', () => {
  const { data, signature } = signed('ES256')
  const longer = Buffer.concat([signature.subarray(0, 32), Buffer.of(0), signature.subarray(32)])
  expect(isSignatureValid(key('ES256'), data, longer)).toBe(false)
})

test.each(['secp256k1', 'secp224r1', 'secp384r1'])(
  'a key on the curve %s verifies no ES256',
  (namedCurve) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
    const { data, signature } = signed('ES256', privateKey)
    const size = signature.length / 2
    const halves = [signature.subarray(0, size), signature.subarray(size)]
    const padded = halves.map((half) => Buffer.concat([Buffer.alloc(32), half]).subarray(-32))
    const key = { kid: undefined, algorithm: 'ES256', key: publicKey } as const
    expect(isSignatureValid(key, data, Buffer.concat(padded))).toBe(false)
  },
)

test('a public key is no secret of HS256, and no exception (lesson 1)', () => {
  const { data } = signed('ES256')
  expect(isSignatureValid(key('HS256', 'ES256'), data, Buffer.alloc(32))).toBe(false)
})
