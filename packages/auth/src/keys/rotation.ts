import { AuthError } from '../base/errors.ts'
import { isSealedUnderPrevious } from '../crypto/seal.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { SigningAlgorithm, SigningKeyStore, StoredSigningKey } from '../model/signing-key.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import type { HeldKeys } from './held-keys.ts'
import { keyEvent } from './key-event.ts'
import { generatePair } from './key-pair.ts'
import { sealPair } from './sealed-pair.ts'
import { isRotationPending, type KeySchedule, stageKeys, successorActiveFrom } from './stages.ts'

/** What adding a key works with. */
export interface RotationDeps {
  readonly signingKeys: SigningKeyStore
  readonly secrets: ApplicationSecrets
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

/** The key to make, and those it follows. */
export interface Succession {
  /** In the order of `SigningKeyStore.list`. */
  readonly keys: readonly StoredSigningKey[]
  readonly algorithm: SigningAlgorithm
  readonly schedule: KeySchedule
  /** Who asked for it; without, it was due. */
  readonly by?: string
}

/**
 * Starts a staged rotation: adds a key that signs when every cached key set holds it.
 *
 * @returns The new key, upcoming.
 * @throws {AuthError} `ROTATION_PENDING` when one is under way.
 */
export async function startRotation(
  deps: RotationDeps,
  input: Succession,
): Promise<StoredSigningKey> {
  const isPending = isRotationPending(input.keys, deps.clock.now())
  const key = isPending ? null : await addKey(deps, input)
  if (!key) throw new AuthError('ROTATION_PENDING')
  return key
}

/**
 * Adds the key that follows `keys`.
 *
 * @returns The key; `null` when another process added one meanwhile, and nothing has changed.
 */
export async function addKey(
  deps: RotationDeps,
  input: Succession,
): Promise<StoredSigningKey | null> {
  const pair = await generatePair(input.algorithm)
  // After the slow part: the time to spread begins when the key can be read.
  const createdAt = deps.clock.now()
  const key: StoredSigningKey = {
    kid: pair.kid,
    algorithm: pair.algorithm,
    publicJwk: JSON.stringify(pair.publicJwk),
    sealedPrivateKey: sealPair(deps, pair),
    createdAt,
    activeFrom: successorActiveFrom(input.keys, { now: createdAt, schedule: input.schedule }),
  }
  const added = await deps.signingKeys.add(key, input.keys.at(-1)?.kid ?? null, {
    audit: keyEvent('key.added', { kid: key.kid, at: createdAt, actor: input.by ?? 'system' }),
  })
  if (!added) return null
  const { kid, algorithm, activeFrom } = key
  deps.log.info({ kid, algorithm, activeFrom }, 'A new signing key is published.')
  return key
}

/** Removes keys whose tokens have all expired, and seals the others under the current secret. */
export async function tidyKeys(
  deps: RotationDeps,
  { held, schedule }: { readonly held: HeldKeys; readonly schedule: KeySchedule },
): Promise<void> {
  for (const { key, stage } of stageKeys(held.stored, { now: deps.clock.now(), schedule })) {
    if (stage === 'expired') await remove(deps, key)
    else await reseal(deps, held, key)
  }
}

async function remove({ signingKeys, log }: RotationDeps, { kid }: StoredSigningKey) {
  const removed = await signingKeys.delete(kid)
  if (removed) log.info({ kid }, 'A retired signing key is removed: its tokens have expired.')
}

async function reseal(deps: RotationDeps, { pairs }: HeldKeys, key: StoredSigningKey) {
  const pair = pairs.get(key.kid)
  if (!pair || !isSealedUnderPrevious(deps.secrets, key.sealedPrivateKey)) return
  await deps.signingKeys.reseal(key.kid, key.sealedPrivateKey, sealPair(deps, pair))
}
