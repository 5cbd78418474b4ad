import { constants, createHmac, type KeyObject, sign } from 'node:crypto'
import type { Algorithm } from '@countersign/verify'
import { fromDer } from './ecdsa-der.ts'

/** The key that signs now. */
export interface Signer {
  readonly kid: string
  readonly algorithm: Algorithm
  /** Private, or the shared secret of HS256. */
  readonly key: KeyObject
}

const signatures: Record<Algorithm, (key: KeyObject, data: Uint8Array) => Uint8Array> = {
  // Asked for `dsaEncoding: 'ieee-p1363'`, Node takes twice as long.
  ES256: (key, data) => fromDer(sign('sha256', data, key)),
  EdDSA: (key, data) => sign(null, data, key),
  RS256: (key, data) => sign('sha256', data, key),
  // The salt is as long as the hash (RFC 7518 §3.5).
  PS256: (key, data) =>
    sign('sha256', data, {
      key,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    }),
  HS256: (key, data) => createHmac('sha256', key).update(data).digest(),
}

/** Signs bytes as JWS does (RFC 7518 §3). Blocks: 0.03 ms for ES256, 1 ms for RSA. */
export function signBytes({ algorithm, key }: Signer, data: Uint8Array): Uint8Array {
  return signatures[algorithm](key, data)
}
