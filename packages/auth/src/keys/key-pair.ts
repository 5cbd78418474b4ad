import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { Jwk } from '@countersign/verify'
import { calculateJwkThumbprint } from 'jose'
import type { SigningAlgorithm } from '../model/signing-key.ts'

/** A public key as it is published (RFC 7517 §4). */
export interface PublicJwk extends Jwk {
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly use: 'sig'
}

/** A key that signs, ready for use. */
export interface KeyPair {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string
  readonly algorithm: SigningAlgorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly publicJwk: PublicJwk
}

const generate = promisify(generateKeyPair)
// Taken from here by RS256 and PS256: good beyond 2030 (NIST SP 800-57 part 1, table 2).
const rsaBits = 3072

const privateKeyFor: Record<SigningAlgorithm, () => Promise<KeyObject>> = {
  ES256: async () => (await generate('ec', { namedCurve: 'P-256' })).privateKey,
  EdDSA: async () => (await generate('ed25519', {})).privateKey,
  RS256: async () => (await generate('rsa', { modulusLength: rsaBits })).privateKey,
  PS256: async () => (await generate('rsa', { modulusLength: rsaBits })).privateKey,
}

/** Makes a new key. Its randomness is the platform's own; RSA takes up to a second. */
export async function generatePair(algorithm: SigningAlgorithm): Promise<KeyPair> {
  return toPair(algorithm, await privateKeyFor[algorithm]())
}

/** Writes the private key as PKCS #8. Whoever gets it must seal it. */
export function exportPrivateKey({ privateKey }: KeyPair): Uint8Array {
  return privateKey.export({ format: 'der', type: 'pkcs8' })
}

/** Reads a private key written by {@link exportPrivateKey}; everything else follows from it. */
export function importPair(algorithm: SigningAlgorithm, pkcs8: Uint8Array): Promise<KeyPair> {
  const key = Buffer.from(pkcs8)
  return toPair(algorithm, createPrivateKey({ key, format: 'der', type: 'pkcs8' }))
}

async function toPair(algorithm: SigningAlgorithm, privateKey: KeyObject): Promise<KeyPair> {
  const publicKey = createPublicKey(privateKey)
  const kid = await calculateJwkThumbprint(publicKey)
  const publicJwk = publishable(publicKey, { kid, alg: algorithm, use: 'sig' })
  return { kid, algorithm, privateKey, publicKey, publicJwk }
}

// Picked by name, so that a private member can never slip in.
function publishable(
  publicKey: KeyObject,
  names: Pick<PublicJwk, 'kid' | 'alg' | 'use'>,
): PublicJwk {
  const { kty = '', crv, x, y, n, e } = publicKey.export({ format: 'jwk' })
  return {
    kty,
    ...names,
    ...(crv && { crv }),
    ...(x && { x }),
    ...(y && { y }),
    ...(n && { n }),
    ...(e && { e }),
  }
}
