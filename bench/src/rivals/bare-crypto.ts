import { createHmac, type KeyObject, timingSafeEqual, verify } from 'node:crypto'
import type { Algorithm, SigningKey } from '../tokens.ts'
import type { TokenCheck } from './token-check.ts'

interface Signed {
  readonly data: Buffer
  readonly signature: Buffer
}

/**
 * The signature check alone, on bytes that are already taken apart: no base64url, no JSON,
 * no claims. The floor for everything that checks a signature with Node.
 */
export function openBareCrypto({ algorithm, publicKey }: SigningKey): TokenCheck {
  const isGood = checks[algorithm]
  return {
    input: (token) => takeApart(token, algorithm),
    call: (signed: Signed) => {
      if (!isGood(publicKey, signed)) throw new Error('bad signature')
    },
    answers: 'now',
  }
}

// The key itself, not an object around it: on Node 24 that object costs 15 µs a call.
const checks: Record<Algorithm, (key: KeyObject, signed: Signed) => boolean> = {
  HS256: (key, { data, signature }) =>
    timingSafeEqual(createHmac('sha256', key).update(data).digest(), signature),
  RS256: (key, { data, signature }) => verify('sha256', data, key, signature),
  ES256: (key, { data, signature }) => verify('sha256', data, key, signature),
  EdDSA: (key, { data, signature }) => verify(null, data, key, signature),
}

function takeApart(token: string, algorithm: Algorithm): Signed {
  const end = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(end + 1), 'base64url')
  return {
    data: Buffer.from(token.slice(0, end)),
    signature: algorithm === 'ES256' ? toDer(signature) : signature,
  }
}

/** From r and s side by side (RFC 7518 §3.4) to two integers in DER (RFC 3279 §2.2.3). */
function toDer(signature: Buffer): Buffer {
  const integers = [derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32))]
  const body = Buffer.concat(integers)
  return Buffer.concat([Buffer.of(0x30, body.length), body])
}

function derInteger(bytes: Buffer): Buffer {
  const digits = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  // A set first bit would make it negative.
  const isNegative = (digits[0] ?? 0) >= 0x80
  const body = isNegative ? Buffer.concat([Buffer.of(0), digits]) : digits
  return Buffer.concat([Buffer.of(0x02, body.length), body])
}
