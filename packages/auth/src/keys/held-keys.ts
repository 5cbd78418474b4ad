import type { VerificationKey } from '@countersign/verify'
import { SealError } from '../crypto/seal.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { SigningKeyStore, StoredSigningKey } from '../model/signing-key.ts'
import type { Logger } from '../ports/logger.ts'
import type { KeyPair } from './key-pair.ts'
import { openPair } from './sealed-pair.ts'

/** The keys of a ring as they were last read. Replaced as a whole, never changed. */
export interface HeldKeys {
  /** In the order of `SigningKeyStore.list`. */
  readonly stored: readonly StoredSigningKey[]
  /** Those that could be opened, by `kid`. No other key is trusted, published or used. */
  readonly pairs: ReadonlyMap<string, KeyPair>
  readonly version: number
}

export const noKeys: HeldKeys = { stored: [], pairs: new Map(), version: 0 }

/**
 * Reads the keys there are. A key that cannot be opened is logged and left out: a process
 * with an outdated application secret must not stop for a key made under the new one.
 */
export async function readKeys(
  deps: {
    readonly signingKeys: SigningKeyStore
    readonly secrets: ApplicationSecrets
    readonly log: Logger
  },
  known: HeldKeys,
): Promise<HeldKeys> {
  const stored = await deps.signingKeys.list()
  const pairs = new Map<string, KeyPair>()
  for (const key of stored) {
    const pair = known.pairs.get(key.kid) ?? (await openOrLog(deps, key))
    if (pair) pairs.set(key.kid, pair)
  }
  const version = haveSameNames(pairs, known.pairs) ? known.version : known.version + 1
  return { stored, pairs, version }
}

/** Finds the key a token names, if it has the algorithm the token names. */
export function findKey(
  { pairs }: HeldKeys,
  kid: string | undefined,
  algorithm: string,
): VerificationKey | null {
  const pair = kid === undefined ? undefined : pairs.get(kid)
  if (pair?.algorithm !== algorithm) return null
  return { kid, algorithm: pair.algorithm, key: pair.publicKey }
}

async function openOrLog(
  { secrets, log }: { readonly secrets: ApplicationSecrets; readonly log: Logger },
  key: StoredSigningKey,
): Promise<KeyPair | null> {
  try {
    return await openPair(secrets, key)
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    log.error({ kid: key.kid, reason: error.code }, 'A signing key cannot be opened.')
    return null
  }
}

function haveSameNames(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a.keys()].every((name) => b.has(name))
}
