import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import { createVerifier, type VerifierOptions } from '@countersign/verify'
import { createVerifier as createFastVerifier, type VerifierOptions as FastOptions } from 'fast-jwt'
import { type CryptoKey, importJWK, jwtVerify } from 'jose'
import jwt from 'jsonwebtoken'
import { audience, issuer, type SigningKey, tokenType, verificationJwk } from '../tokens.ts'

/** A way to check access tokens, opened for one key. */
export interface TokenCheck {
  /** What a call is given. Made before the clock starts. */
  readonly input: (token: string) => unknown
  /** Throws, or rejects, when the token is not good. */
  readonly call: (input: never) => unknown
  readonly answers: 'now' | 'by promise'
}

export interface VerifierRival {
  readonly name: string
  /** `null`: it does not offer the key's algorithm. */
  readonly open: (key: SigningKey) => TokenCheck | null | Promise<TokenCheck | null>
}

export const bareCrypto: VerifierRival = { name: 'bare crypto.verify', open: openBareCrypto }
export const countersignNow: VerifierRival = {
  name: 'countersign, verifyNow',
  open: (key) => ({
    input: freshCopy,
    call: createVerifier(countersignOptions(key)).verifyNow,
    answers: 'now',
  }),
}
export const fastJwtCached: VerifierRival = {
  name: 'fast-jwt, default cache',
  open: (key) => openFastJwt(key, { cache: true }),
}

export const verifierRivals: readonly VerifierRival[] = [
  bareCrypto,
  countersignNow,
  {
    name: 'countersign, verify (promise)',
    open: (key) => ({
      input: freshCopy,
      call: createVerifier(countersignOptions(key)).verify,
      answers: 'by promise',
    }),
  },
  { name: 'jose (promise)', open: openJose },
  { name: 'jsonwebtoken', open: openJsonwebtoken },
  { name: 'fast-jwt, no cache', open: (key) => openFastJwt(key, { cache: false }) },
  fastJwtCached,
  {
    name: 'fast-jwt, cache keyed by the token',
    open: (key) => openFastJwt(key, { cache: true, cacheKeyBuilder: (token: string) => token }),
  },
]

/**
 * The signature check alone, on bytes that are already taken apart: no base64url, no JSON,
 * no claims. The floor for everything that checks a signature with Node.
 */
function openBareCrypto({ algorithm, publicKey }: SigningKey): TokenCheck {
  const isGood = bareChecks[algorithm]
  return {
    input: (token) => {
      const end = token.lastIndexOf('.')
      const data = Buffer.from(token.slice(0, end))
      return { data, signature: Buffer.from(token.slice(end + 1), 'base64url') }
    },
    call: ({ data, signature }: { data: Buffer; signature: Buffer }) => {
      if (!isGood(publicKey, data, signature)) throw new Error('bad signature')
    },
    answers: 'now',
  }
}

const bareChecks: Record<
  SigningKey['algorithm'],
  (key: KeyObject, data: Buffer, signature: Buffer) => boolean
> = {
  HS256: (key, data, signature) =>
    timingSafeEqual(createHmac('sha256', key).update(data).digest(), signature),
  RS256: (key, data, signature) => verify('sha256', data, key, signature),
  ES256: (key, data, signature) =>
    verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  EdDSA: (key, data, signature) => verify(null, data, key, signature),
}

function countersignOptions(key: SigningKey): VerifierOptions {
  if (key.algorithm === 'HS256') return { issuer, audience, secret: key.publicKey.export() }
  return { issuer, audience, jwks: { keys: [verificationJwk(key)] } }
}

// A CryptoKey, so that no call has to convert the key.
async function openJose({ algorithm, publicKey }: SigningKey): Promise<TokenCheck> {
  const key = (await importJWK(publicKey.export({ format: 'jwk' }), algorithm)) as CryptoKey
  const options = { algorithms: [algorithm], issuer, audience, typ: tokenType }
  return {
    input: freshCopy,
    call: (token: string) => jwtVerify(token, key, options),
    answers: 'by promise',
  }
}

// A KeyObject, because PEM text would be parsed at every call.
function openJsonwebtoken({ algorithm, publicKey }: SigningKey): TokenCheck | null {
  if (algorithm === 'EdDSA') return null
  const options = { algorithms: [algorithm], issuer, audience }
  return {
    input: freshCopy,
    call: (token: string) => jwt.verify(token, publicKey, options),
    answers: 'now',
  }
}

function openFastJwt(
  { algorithm, publicKey }: SigningKey,
  cache: Partial<FastOptions>,
): TokenCheck {
  const key =
    algorithm === 'HS256' ? publicKey.export() : publicKey.export({ type: 'spki', format: 'pem' })
  const call = createFastVerifier({
    ...cache,
    key,
    algorithms: [algorithm],
    allowedIss: issuer,
    allowedAud: audience,
  })
  return { input: freshCopy, call, answers: 'now' }
}

// As in a server: the text of a header is a new string for each request, without the hash
// that a string keeps once it has been looked up in a map.
function freshCopy(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1')
}
