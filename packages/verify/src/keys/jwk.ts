import { createPublicKey, type KeyObject } from 'node:crypto'
import type { Algorithm, VerificationKey } from './key-source.ts'
import { toPs256Key } from './ps256-key.ts'

/** A public key as JSON (RFC 7517 §4). Members not named here belong to the key or are ignored. */
export interface Jwk {
  readonly kty: string
  readonly crv?: string
  readonly kid?: string
  readonly alg?: string
  readonly use?: string
  readonly key_ops?: readonly string[]
  readonly [member: string]: unknown
}

/** A key is not taken. `message` names the rule it breaks and holds nothing of the key. */
export class InvalidKeyError extends Error {
  override readonly name = 'InvalidKeyError'
}

/** One key, one algorithm: what a kind of key may be for. */
interface KeyKind {
  readonly crv: string | undefined
  readonly algorithms: ReadonlyMap<string, Algorithm>
  /** For a key without `alg`. */
  readonly unnamed: Algorithm
}

const elliptic: KeyKind = {
  crv: 'P-256',
  algorithms: new Map([['ES256', 'ES256']]),
  unnamed: 'ES256',
}

// One algorithm under two names: RFC 8037 §3.1 and, fully specified, RFC 9864 §2.2.
const edwards: KeyKind = {
  crv: 'Ed25519',
  algorithms: new Map([
    ['EdDSA', 'EdDSA'],
    ['Ed25519', 'EdDSA'],
  ]),
  unnamed: 'EdDSA',
}

// Large providers publish RSA keys without `alg` and sign with RS256.
const rsa: KeyKind = {
  crv: undefined,
  algorithms: new Map([
    ['RS256', 'RS256'],
    ['PS256', 'PS256'],
  ]),
  unnamed: 'RS256',
}

const kinds: ReadonlyMap<string, KeyKind> = new Map([
  ['EC', elliptic],
  ['OKP', edwards],
  ['RSA', rsa],
])

const minModulusBits = 2048
// The work of a verification grows with the square of this.
const maxModulusBits = 8192

/**
 * Takes a public key for verification: `kty`, `crv`, `alg`, `use` and `key_ops` must agree
 * on one algorithm. RSA has 2048 to 8192 bits and an odd exponent from 3 on.
 *
 * A private or symmetric key is refused: whoever published it has lost it. `x5c`, `x5u` and
 * other members are ignored.
 *
 * @throws {InvalidKeyError} Also for values that are no JWK at all.
 * @see RFC 7517 §4, RFC 7518 §3.3, RFC 8725 §3.1
 */
export function importJwk(jwk: unknown): VerificationKey {
  if (!isJwk(jwk)) throw new InvalidKeyError('is not a JWK')
  if (hasSecretMember(jwk)) throw new InvalidKeyError('is a private or symmetric key')
  if (jwk.kid !== undefined && !isName(jwk.kid)) throw new InvalidKeyError('has a kid of no use')
  if (!isForVerification(jwk)) throw new InvalidKeyError('is not for verifying signatures')

  const algorithm = algorithmOf(jwk)
  const key = publicKeyOf(jwk)
  if (jwk.kty === 'RSA') refuseWeakRsa(key)
  return { kid: jwk.kid, algorithm, key: algorithm === 'PS256' ? toPs256Key(key) : key }
}

/** Whether a value holds what nobody may publish: a private or a symmetric key. */
export function hasSecretMember(jwk: object): boolean {
  return ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].some((member) => Object.hasOwn(jwk, member))
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && 'kty' in value
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isForVerification({ use, key_ops: operations }: Jwk): boolean {
  if (use !== undefined && use !== 'sig') return false
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
}

function algorithmOf({ kty, crv, alg }: Jwk): Algorithm {
  const kind = kinds.get(kty)
  if (!kind || kind.crv !== crv) throw new InvalidKeyError('is of a kind that is not offered')
  const algorithm = alg === undefined ? kind.unnamed : kind.algorithms.get(alg)
  if (!algorithm) throw new InvalidKeyError('has an algorithm that is not offered')
  return algorithm
}

function publicKeyOf(jwk: Jwk): KeyObject {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch (cause) {
    throw new InvalidKeyError('is not a valid public key', { cause })
  }
}

function refuseWeakRsa(key: KeyObject): void {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < minModulusBits || modulusLength > maxModulusBits) {
    throw new InvalidKeyError(
      `has fewer than ${minModulusBits} or more than ${maxModulusBits} bits`,
    )
  }
  // With e = 1 every signature is its own message.
  if (publicExponent < 3n || publicExponent % 2n === 0n) {
    throw new InvalidKeyError('has an unsafe public exponent')
  }
}
