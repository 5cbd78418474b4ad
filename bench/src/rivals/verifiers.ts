import { createVerifier, type VerifierOptions } from '@countersign/verify'
import { createVerifier as createFastVerifier, type VerifierOptions as FastOptions } from 'fast-jwt'
import { type CryptoKey, importJWK, jwtVerify } from 'jose'
import jwt from 'jsonwebtoken'
import { audience, issuer, type SigningKey, tokenType, verificationJwk } from '../tokens.ts'
import { openBareCrypto } from './bare-crypto.ts'
import type { TokenCheck } from './token-check.ts'

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
