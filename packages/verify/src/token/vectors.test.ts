import { createPublicKey, createSecretKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { InvalidKeyError, importJwk } from '../keys/jwk.ts'
import { importJwks, selectKey } from '../keys/jwks.ts'
import type { VerificationKey } from '../keys/key-source.ts'
import { splitCompactJws } from './compact-jws.ts'
import { readHeader } from './header.ts'
import { isSignatureValid } from './signature.ts'
import { TokenError } from './token-error.ts'

// The vectors are signatures and keys, no access tokens: they are held against the parse of
// a JWS, the import of keys and the check of signatures, not against the rules for claims.

type Json = Readonly<Record<string, unknown>>

interface Vector extends Json {
  readonly tcId: number
  readonly comment: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

interface Group extends Json {
  readonly tests: readonly Vector[]
}

const folder = new URL('../../vectors/', import.meta.url)

function read(path: string): Json {
  return JSON.parse(readFileSync(new URL(path, folder), 'utf8')) as Json
}

type Overrides = Readonly<Record<string, { expect: 'valid' | 'invalid' | 'any' }>>

const overrides = read('overrides.json') as Overrides

/** How many tests of a file had which outcome, and which of them went wrong. */
interface Tally {
  /** Accepted and valid, or refused and invalid. */
  agree: number
  /** Valid, and refused because the algorithm or form is not offered here. */
  notOffered: number
  /** Either answer is right: `overrides.json` and upstream's `acceptable`. */
  any: number
  wrong: string[]
}

interface Judgement {
  readonly accepts: (group: Group, vector: Vector) => boolean
  readonly isOffered: (group: Group, vector: Vector) => boolean
}

function tally(file: string, { accepts, isOffered }: Judgement): Tally {
  const result: Tally = { agree: 0, notOffered: 0, any: 0, wrong: [] }
  const { numberOfTests, testGroups } = read(`wycheproof/${file}.json`)
  for (const group of testGroups as readonly Group[]) {
    for (const vector of group.tests) {
      const label = overrides[`${file}#${vector.tcId}`]?.expect ?? vector.result
      const isAccepted = accepts(group, vector)
      if (label === 'any' || label === 'acceptable') result.any += 1
      else if (isAccepted === (label === 'valid')) result.agree += 1
      else if (!isAccepted && !isOffered(group, vector)) result.notOffered += 1
      else result.wrong.push(`#${vector.tcId} ${vector.comment}: ${label}`)
    }
  }
  const { agree, notOffered, any, wrong } = result
  expect(agree + notOffered + any + wrong.length).toBe(numberOfTests)
  return result
}

/** `false` for the errors by which keys and tokens are refused; any other is a defect. */
function isAccepted(attempt: () => boolean): boolean {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof TokenError || error instanceof InvalidKeyError) return false
    throw error
  }
}

const offered = new Set(['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256', 'HS256'])

function verifyJws(jws: string, keys: readonly VerificationKey[]): boolean {
  const { header, signedData, signature } = splitCompactJws(jws)
  const { kid, algorithm } = readHeader(header, { mediaType: null, isClosed: false })
  const key = selectKey(keys, kid, algorithm) ?? selectKey(keys, undefined, algorithm)
  return key !== null && isSignatureValid(key, signedData, signature)
}

function keysOf({ public: publicKey, private: privateKey }: Json): readonly VerificationKey[] {
  const jwk = (publicKey ?? privateKey) as Json
  if ('keys' in jwk) return importJwks(jwk)
  return [jwk.kty === 'oct' ? secretOf(jwk) : importJwk(jwk)]
}

/** The test vectors have secrets as JWK; a verifier takes them as bytes only. */
function secretOf({ k, kid, alg }: Json): VerificationKey {
  if (alg !== 'HS256') throw new InvalidKeyError('is for another algorithm')
  return {
    kid: kid as string,
    algorithm: 'HS256',
    key: createSecretKey(Buffer.from(k as string, 'base64url')),
  }
}

function asText(serialization: unknown): string {
  return typeof serialization === 'string' ? serialization : JSON.stringify(serialization)
}

const jose: Judgement = {
  accepts: (group, vector) =>
    isAccepted(() => verifyJws(asText(vector.jws ?? vector.jwe), keysOf(group))),
  // Neither is encryption, nor a token without claims: two vectors have an empty payload.
  isOffered: ({ public: publicKey, private: privateKey }, { jws }) => {
    const { alg } = (publicKey ?? privateKey) as Json
    return jws !== undefined && offered.has(alg as string) && !asText(jws).includes('..')
  },
}

describe('Wycheproof, JOSE', () => {
  test('json_web_signature: 401 tests', () => {
    expect(tally('json_web_signature_test', jose)).toEqual({
      agree: 379,
      notOffered: 18,
      any: 4,
      wrong: [],
    })
  })
  test('json_web_key: 26 tests', () => {
    expect(tally('json_web_key_test', jose)).toEqual({
      agree: 21,
      notOffered: 0,
      any: 5,
      wrong: [],
    })
  })
  test('json_web_crypto: 83 tests', () => {
    expect(tally('json_web_crypto_test', jose)).toEqual({
      agree: 79,
      notOffered: 2,
      any: 2,
      wrong: [],
    })
  })
})

function signatures(algorithm: string): Judgement {
  return {
    accepts: (group, vector) =>
      isAccepted(() => {
        const key = importJwk(publicJwkOf(group))
        expect(key.algorithm).toBe(algorithm)
        return isSignatureValid(key, hex(vector.msg), hex(vector.sig))
      }),
    isOffered: () => true,
  }
}

/** A few groups give their key as PEM alone. */
function publicJwkOf({ publicKeyJwk, keyJwk, publicKeyPem }: Json): unknown {
  return publicKeyJwk ?? keyJwk ?? createPublicKey(publicKeyPem as string).export({ format: 'jwk' })
}

function hex(text: unknown): Buffer {
  return Buffer.from(text as string, 'hex')
}

const hmac: Judgement = {
  accepts: (_group, { key, msg, tag }) =>
    isSignatureValid(
      { kid: undefined, algorithm: 'HS256', key: createSecretKey(hex(key)) },
      hex(msg),
      hex(tag),
    ),
  // RFC 7518 §3.2: the tag is never cut.
  isOffered: ({ tagSize }) => tagSize === 256,
}

describe('Wycheproof, signatures', () => {
  test('ES256: 262 tests', () => {
    expect(tally('ecdsa_secp256r1_sha256_p1363_test', signatures('ES256'))).toEqual({
      agree: 262,
      notOffered: 0,
      any: 0,
      wrong: [],
    })
  })
  test('EdDSA: 151 tests', () => {
    expect(tally('ed25519_test', signatures('EdDSA'))).toEqual({
      agree: 151,
      notOffered: 0,
      any: 0,
      wrong: [],
    })
  })
  test('RS256: 259 tests', () => {
    expect(tally('rsa_signature_2048_sha256_test', signatures('RS256'))).toEqual({
      agree: 258,
      notOffered: 0,
      any: 1,
      wrong: [],
    })
  })
  test('PS256: 108 tests', () => {
    expect(tally('rsa_pss_2048_sha256_mgf1_32_test', signatures('PS256'))).toEqual({
      agree: 108,
      notOffered: 0,
      any: 0,
      wrong: [],
    })
  })
  test('HS256: 174 tests', () => {
    expect(tally('hmac_sha256_test', hmac)).toEqual({
      agree: 141,
      notOffered: 33,
      any: 0,
      wrong: [],
    })
  })
})

/** Which serializations of a cookbook token are accepted. Each of them is valid. */
function acceptedForms(path: string): readonly string[] {
  const { input, output } = read(`cookbook/${path}`)
  return Object.entries(output as Json).flatMap(([form, serialization]) => {
    const isGood = isAccepted(() => verifyJws(asText(serialization), [cookbookKey(input as Json)]))
    return isGood ? [form] : []
  })
}

function cookbookKey({ key, alg }: Json): VerificationKey {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...jwk } = key as Json
  return 'k' in jwk ? secretOf({ ...jwk, alg }) : importJwk({ ...jwk, alg })
}

describe('RFC 7520, RFC 8037 and RFC 7797', () => {
  // The JSON serializations are not offered.
  test.each([
    ['jws/4_1.rsa_v15_signature.json', ['compact']],
    ['jws/4_2.rsa-pss_signature.json', []], // PS384
    ['jws/4_3.ecdsa_signature.json', []], // ES512
    ['jws/4_4.hmac-sha2_integrity_protection.json', ['compact']],
    ['jws/4_5.signature_with_detached_content.json', []],
    ['jws/4_6.protecting_specific_header_fields.json', []], // JSON only
    ['jws/4_7.protecting_content_only.json', []], // JSON only
    ['jws/4_8.multiple_signatures.json', []], // JSON only
    ['curve25519/jws.json', ['compact']],
    ['rfc7797/4.2.hmac-sha2_b64_false.json', []],
    ['rfc7797/hmac-sha2_b64_false.json', []],
  ])('of %s the forms offered here are accepted: %j', (path, forms) => {
    expect(acceptedForms(path)).toEqual(forms)
  })

  test.each([
    ['3_1.ec_public_key.json', null], // P-521
    ['3_2.ec_private_key.json', null],
    ['3_3.rsa_public_key.json', 'RS256'],
    ['3_4.rsa_private_key.json', null],
    ['3_5.symmetric_key_mac_computation.json', null],
    ['3_6.symmetric_key_encryption.json', null],
  ])('the key of %s is imported for %s', (path, algorithm) => {
    const jwk = read(`cookbook/jwk/${path}`)
    let imported: string | null = null
    const isTaken = isAccepted(() => {
      imported = importJwk(jwk).algorithm
      return true
    })
    expect(isTaken ? imported : null).toBe(algorithm)
  })

  test('no file of the cookbook is left out', () => {
    const files = ['jws', 'jwk', 'curve25519', 'rfc7797'].flatMap((name) =>
      readdirSync(new URL(`cookbook/${name}/`, folder)),
    )
    expect(files).toHaveLength(17)
  })
})

test('no file of Wycheproof is left out', () => {
  const files = readdirSync(new URL('wycheproof/', folder))
  expect(files.filter((name) => name.endsWith('.json'))).toHaveLength(8)
})
