import { constants, createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import type { Algorithm, VerificationKey } from '../keys/key-source.ts'
import { isPs256Key } from '../keys/ps256-key.ts'
import { toDer } from './ecdsa-der.ts'

type SignatureCheck = (key: KeyObject, data: Uint8Array, signature: Uint8Array) => boolean

// Each check also asks for its kind of key: a key source may be anybody's.
const checks: Readonly<Record<Algorithm, SignatureCheck>> = {
  // P-256 by the name OpenSSL gives it; r and s, 32 bytes each (RFC 7518 §3.4). Node would read
  // them by itself if the key came in an object that says so: 15 µs a call more on Node 24.
  ES256: (key, data, signature) =>
    key.asymmetricKeyDetails?.namedCurve === 'prime256v1' &&
    signature.length === 64 &&
    verify('sha256', data, key, toDer(signature)),

  EdDSA: (key, data, signature) =>
    key.asymmetricKeyType === 'ed25519' && verify(null, data, key, signature),

  // PKCS #1 v1.5 is what `verify` does for a key of this kind, and faster without saying so.
  RS256: (key, data, signature) =>
    key.asymmetricKeyType === 'rsa' && verify('sha256', data, key, signature),

  PS256: (key, data, signature) =>
    isPs256Key(key)
      ? verify('sha256', data, key, signature)
      : key.asymmetricKeyType === 'rsa' && verify('sha256', data, { key, ...pss }, signature),

  HS256: (key, data, signature) =>
    key.type === 'secret' &&
    signature.length === 32 &&
    timingSafeEqual(createHmac('sha256', key).update(data).digest(), signature),
}

// The salt is as long as the hash (RFC 7518 §3.5).
const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const

/** Whether `data` was signed with the key, by the one algorithm of the key. */
export function isSignatureValid(
  { algorithm, key }: VerificationKey,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return checks[algorithm](key, data, signature)
}
