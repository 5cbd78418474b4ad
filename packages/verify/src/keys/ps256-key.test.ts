import { constants, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { generateKeys } from '../testing/test-issuer.ts'
import { isPs256Key, toPs256Key } from './ps256-key.ts'

const { publicKey, privateKey } = generateKeys('PS256')
const data = Buffer.from('data')

function signatureWith(saltLength: number): Buffer {
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return sign('sha256', data, { key: privateKey, padding, saltLength })
}

test.each([0, 20, 31, 32, 33, 64, 222])(
  'of salts only those of 32 bytes are good: %i',
  (saltLength) => {
    const isGood = verify('sha256', data, toPs256Key(publicKey), signatureWith(saltLength))
    expect(isGood).toBe(saltLength === 32)
  },
)

test('a signature of RS256 is none for the same key bound to PS256', () => {
  expect(verify('sha256', data, toPs256Key(publicKey), sign('sha256', data, privateKey))).toBe(
    false,
  )
})

test.each([2048, 2056, 4096, 8192])('a key of %i bits stays what it is', (bits) => {
  const n = Buffer.alloc(bits / 8, 0xc5).toString('base64url')
  const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })
  expect(toPs256Key(key).asymmetricKeyDetails).toEqual({
    modulusLength: bits,
    publicExponent: 65537n,
    hashAlgorithm: 'sha256',
    mgf1HashAlgorithm: 'sha256',
    saltLength: 32,
  })
})

const pss = { hashAlgorithm: 'sha256', mgf1HashAlgorithm: 'sha256', saltLength: 32 } as const

function pssKey(parameters: object) {
  return generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...parameters }).publicKey
}

test('a key is written as Node writes one', () => {
  const ours = toPs256Key(publicKey).export({ type: 'spki', format: 'der' })
  const nodes = pssKey(pss).export({ type: 'spki', format: 'der' })
  const algorithm = [4, 4 + 67] as const
  expect(ours.subarray(...algorithm)).toEqual(nodes.subarray(...algorithm))
})

test.each([
  ['a key bound by us', true, () => toPs256Key(publicKey)],
  ['a key bound by others', true, () => pssKey(pss)],
  ['an RSA key', false, () => publicKey],
  ['an RSA-PSS key that is not bound', false, () => pssKey({})],
  ['a key with another hash', false, () => pssKey({ ...pss, hashAlgorithm: 'sha512' })],
  ['a key with another mask', false, () => pssKey({ ...pss, mgf1HashAlgorithm: 'sha512' })],
  ['a key with another salt', false, () => pssKey({ ...pss, saltLength: 20 })],
  ['a key of another kind', false, () => generateKeys('ES256').publicKey],
])('bound to PS256: %s, %s', (_what, isBound, make) => {
  expect(isPs256Key(make())).toBe(isBound)
})
