import { hasSecretMember, InvalidKeyError, importJwk, type Jwk } from './jwk.ts'
import type { VerificationKey } from './key-source.ts'

/** The public keys of an issuer (RFC 7517 §5). */
export interface Jwks {
  readonly keys: readonly Jwk[]
}

/**
 * Takes the keys of a set that can verify access tokens. Keys for other uses, of other
 * kinds, or too weak are passed over (RFC 7517 §5).
 *
 * @throws {InvalidKeyError} It is not a key set, none of its keys is usable, two have one
 *   `kid`, or it gives a private or symmetric key away: then no key of it is trusted.
 */
export function importJwks(jwks: unknown): readonly VerificationKey[] {
  return readJwks(jwks).keys
}

/** A key set that was taken, and why some of its keys were passed over. */
export interface ReadJwks {
  readonly keys: readonly VerificationKey[]
  /** One sentence a key, for logs. Holds nothing of the key. */
  readonly ignored: readonly string[]
}

/**
 * As {@link importJwks}, for those who want to tell what was passed over.
 *
 * @throws {InvalidKeyError} as that does.
 */
export function readJwks(jwks: unknown): ReadJwks {
  const entries = entriesOf(jwks)
  if (entries.some((entry) => isObject(entry) && hasSecretMember(entry))) {
    throw new InvalidKeyError('The key set holds a private or symmetric key.')
  }
  const { keys, problems } = importEach(entries)
  if (keys.length === 0) throw new InvalidKeyError(['No key is usable.', ...problems].join(' '))
  if (hasDuplicateKid(keys)) throw new InvalidKeyError('Two keys of the set have the same kid.')
  return { keys, ignored: problems }
}

/**
 * The one key of a set that fits. A token without `kid` is only matched when a single key
 * has its algorithm.
 */
export function selectKey(
  keys: readonly VerificationKey[],
  kid: string | undefined,
  algorithm: string,
): VerificationKey | null {
  const fitting = keys.filter(
    (key) => key.algorithm === algorithm && (kid === undefined || key.kid === kid),
  )
  return fitting.length === 1 && fitting[0] ? fitting[0] : null
}

function entriesOf(jwks: unknown): readonly unknown[] {
  if (!isObject(jwks) || !('keys' in jwks) || !Array.isArray(jwks.keys)) {
    throw new InvalidKeyError('This is not a JWK Set.')
  }
  return jwks.keys
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function importEach(entries: readonly unknown[]): { keys: VerificationKey[]; problems: string[] } {
  const keys: VerificationKey[] = []
  const problems: string[] = []
  for (const [index, entry] of entries.entries()) {
    try {
      keys.push(importJwk(entry))
    } catch (error) {
      if (!(error instanceof InvalidKeyError)) throw error
      problems.push(`Key ${index} ${error.message}.`)
    }
  }
  return { keys, problems }
}

function hasDuplicateKid(keys: readonly VerificationKey[]): boolean {
  const kids = keys.flatMap(({ kid }) => kid ?? [])
  return new Set(kids).size < kids.length
}
