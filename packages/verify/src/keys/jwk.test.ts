import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { generateKeys } from '../testing/test-issuer.ts'
import { InvalidKeyError, importJwk } from './jwk.ts'

const jwkOf = (algorithm: 'ES256' | 'EdDSA' | 'RS256') =>
  generateKeys(algorithm).publicKey.export({ format: 'jwk' })

const ec = jwkOf('ES256')
const okp = jwkOf('EdDSA')
const rsa = jwkOf('RS256')

test.each([
  ['ES256', { ...ec, alg: 'ES256' }],
  ['ES256', ec],
  ['EdDSA', { ...okp, alg: 'EdDSA' }],
  ['EdDSA', { ...okp, alg: 'Ed25519' }],
  ['EdDSA', okp],
  ['RS256', { ...rsa, alg: 'RS256' }],
  ['RS256', rsa],
  ['PS256', { ...rsa, alg: 'PS256' }],
])('a key has exactly one algorithm: %s (lesson 1)', (algorithm, jwk) => {
  expect(importJwk(jwk).algorithm).toBe(algorithm)
})

test('a key of PS256 is bound to it, and one of RS256 is not', () => {
  const [ps256, rs256] = ['PS256', 'RS256'].map((alg) => importJwk({ ...rsa, alg }).key)
  expect([ps256, rs256].map((key) => key?.asymmetricKeyType)).toEqual(['rsa-pss', 'rsa'])
})

test('the key has the name it is published under', () => {
  expect(importJwk({ ...ec, kid: 'a/../b' }).kid).toBe('a/../b')
})

test('members that say nothing of the key are passed over', () => {
  expect(importJwk({ ...ec, x5c: ['x'], x5u: 'https://evil.test', ext: true }).algorithm).toBe(
    'ES256',
  )
})

test('a key that may verify and more is taken', () => {
  expect(importJwk({ ...ec, use: 'sig', key_ops: ['sign', 'verify'] }).algorithm).toBe('ES256')
})

describe('refused is', () => {
  test.each([
    ['a symmetric key', { kty: 'oct', k: 'A'.repeat(43) }],
    ['a symmetric key that says it is RSA', { ...rsa, k: 'A'.repeat(43) }],
    ['a private key', { ...ec, d: 'AA' }],
    ['an algorithm of another kind of key', { ...ec, alg: 'RS256' }],
    ['HS256 for a public key', { ...rsa, alg: 'HS256' }],
    ['no algorithm at all', { ...ec, alg: 'none' }],
    ['an algorithm in other letters', { ...ec, alg: 'es256' }],
    ['an algorithm that is not offered', { ...rsa, alg: 'RS512' }],
    ['an algorithm that is no text', { ...ec, alg: ['ES256'] }],
    ['a kind in other letters', { ...ec, kty: 'ec' }],
    ['another curve', { ...ec, crv: 'P-384' }],
    ['a curve without a key kind', { ...rsa, crv: 'P-256' }],
    ['a key for encryption', { ...ec, use: 'enc' }],
    ['a key that may not verify', { ...ec, key_ops: ['sign'] }],
    ['operations that are no list', { ...ec, key_ops: 'verify' }],
    ['a point that is not on the curve', { ...ec, x: ec.y, y: ec.x }],
    ['a missing coordinate', { ...ec, y: undefined }],
    ['an empty kid', { ...ec, kid: '' }],
    ['a kid that is no text', { ...ec, kid: 7 }],
    ['an exponent of 1', { ...rsa, e: 'AQ' }],
    ['an even exponent', { ...rsa, e: 'AQAA' }],
    ['nothing', null],
    ['text', '-----BEGIN PUBLIC KEY-----'],
    ['an object without a kind', {}],
  ])('%s', (_what, jwk) => {
    expect(() => importJwk(jwk)).toThrow(InvalidKeyError)
  })

  test.each([1024, 2040])('an RSA key of %i bits', (modulusLength) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength })
    expect(() => importJwk(publicKey.export({ format: 'jwk' }))).toThrow('fewer than 2048')
  })

  test('an RSA key above 8192 bits', () => {
    const n = Buffer.alloc(1025, 0xff).toString('base64url')
    expect(() => importJwk({ ...rsa, n })).toThrow('more than 8192')
  })
})

test('the error holds nothing of the key', () => {
  expect(() => importJwk({ ...ec, kid: 'k', alg: 'hunter2' })).toThrow(
    expect.objectContaining({ message: 'has an algorithm that is not offered' }),
  )
})
