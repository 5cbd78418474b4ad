import { open, seal } from '../crypto/seal.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { SigningAlgorithm, StoredSigningKey } from '../model/signing-key.ts'
import type { Random } from '../ports/random.ts'
import { exportPrivateKey, importPair, type KeyPair } from './key-pair.ts'

/** Seals a private key for the store. */
export function sealPair(
  deps: { readonly secrets: ApplicationSecrets; readonly random: Random },
  pair: KeyPair,
): string {
  return seal(deps, { plaintext: exportPrivateKey(pair), context: contextOf(pair) })
}

/**
 * Opens a stored key. Everything comes from what was sealed, nothing from the clear columns:
 * whoever can write to the database, but lacks the application secret, cannot add a key.
 *
 * @throws {SealError} The key is sealed under another secret, damaged, or not ours.
 */
export function openPair(
  secrets: ApplicationSecrets,
  { kid, algorithm, sealedPrivateKey }: StoredSigningKey,
): Promise<KeyPair> {
  const context = contextOf({ kid, algorithm })
  return importPair(algorithm, open(secrets, { sealed: sealedPrivateKey, context }))
}

// Sealed for its kid and its algorithm: a row can be neither renamed nor turned to another one.
function contextOf(key: { readonly kid: string; readonly algorithm: SigningAlgorithm }): string {
  return `signing-key:${key.algorithm}:${key.kid}`
}
