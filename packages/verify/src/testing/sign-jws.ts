import { constants, createHmac, type KeyObject, sign } from 'node:crypto'
import type { Algorithm } from '../keys/key-source.ts'

/** What to sign. Text and bytes are taken as they are, anything else as JSON. */
export interface JwsInput {
  readonly header: unknown
  readonly payload: unknown
  readonly algorithm: Algorithm
  /** A private key, or with HS256 the secret. */
  readonly key: KeyObject
}

/** Signs a compact JWS (RFC 7515 §3.1), sensible or not: the header may claim anything. */
export function signJws({ header, payload, algorithm, key }: JwsInput): string {
  const data = `${encode(header)}.${encode(payload)}`
  const signature = signers[algorithm](Buffer.from(data), key)
  return `${data}.${signature.toString('base64url')}`
}

function encode(part: unknown): string {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('base64url')
  const text = typeof part === 'string' ? part : JSON.stringify(part)
  return Buffer.from(text).toString('base64url')
}

const signers: Readonly<Record<Algorithm, (data: Uint8Array, key: KeyObject) => Buffer>> = {
  ES256: (data, key) => sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (data, key) => sign(null, data, key),
  RS256: (data, key) => sign('sha256', data, key),
  PS256: (data, key) => sign('sha256', data, { key, ...pss }),
  HS256: (data, key) => createHmac('sha256', key).update(data).digest(),
}

const pss = {
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const
