import type { KeySource, VerificationKey } from '@countersign/verify'
import { AuthError } from '../base/errors.ts'
import { StartupError } from '../base/startup-error.ts'
import type { EpochSeconds } from '../base/time.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { SigningAlgorithm, SigningKeyStore } from '../model/signing-key.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import { findKey, type HeldKeys, noKeys, readKeys } from './held-keys.ts'
import { keyEvent } from './key-event.ts'
import type { PublicJwk } from './key-pair.ts'
import { type KeyStatus, keyStatuses, upcomingStatus } from './key-status.ts'
import { addKey, startRotation, tidyKeys } from './rotation.ts'
import type { Signer } from './sign.ts'
import { isRotationDue, type KeySchedule, signingKeyAt, stageKeys } from './stages.ts'

/** The public keys of the issuer, as a JSON document (RFC 7517 §5). */
export interface PublicKeySet {
  readonly keys: readonly PublicJwk[]
}

/** The keys access tokens are signed with. Answers from memory; `reload` reads the store. */
export interface KeyRing extends KeySource {
  /** Upcoming and retired keys are found too. Fetches nothing. */
  find(kid: string | undefined, algorithm: string): VerificationKey | null

  /**
   * The key that signs at this moment.
   *
   * @throws {AuthError} `UNAVAILABLE` when it cannot be opened under the application secret.
   */
  signer(): Signer

  /** Upcoming, signing and retired keys: public members only. Empty with HS256. */
  publicKeySet(): PublicKeySet

  /** The same keys for operators, oldest first. Empty with HS256. */
  list(): KeyStatus[]

  /**
   * Starts a staged rotation: adds a key that signs when every cached key set holds it.
   *
   * @param by The user who asks for it.
   * @returns The new key, upcoming.
   * @throws {AuthError} `ROTATION_PENDING` when one is under way, `ROTATION_UNSUPPORTED`
   *   with HS256.
   */
  rotate(by: string): Promise<KeyStatus>

  /**
   * Gives a key up that others may know: it leaves the key set, and every token it signed is
   * revoked. What remains signs at once, if need be a new key.
   *
   * @throws {AuthError} `NOT_FOUND`, `ROTATION_UNSUPPORTED` with HS256.
   */
  revoke(kid: string, by: string): Promise<void>

  /**
   * Brings the ring up to date: reads what other processes did, starts a rotation that is
   * due, removes keys whose tokens have all expired, and seals keys under a new application
   * secret. To be called every `reloadSeconds`.
   *
   * Never rejects: when the store fails, what is in memory stays and the failure is logged.
   * A process that cannot reach the store cannot issue a token either, so nothing is signed
   * with a key that others have retired meanwhile.
   */
  reload(): Promise<void>
}

/** What a ring works with. */
export interface KeyRingDeps {
  readonly signingKeys: SigningKeyStore
  readonly secrets: ApplicationSecrets
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

export interface KeyRingSettings {
  /** New keys have this algorithm. If the newest key has another, a rotation starts. */
  readonly algorithm: SigningAlgorithm
  readonly schedule: KeySchedule
}

/**
 * Opens the ring over the keys in the store, and makes the first key of an empty one. Of
 * processes that start at once one makes it.
 *
 * @throws {StartupError} A key that signs, or will, cannot be opened.
 */
export async function openKeyRing(deps: KeyRingDeps, settings: KeyRingSettings): Promise<KeyRing> {
  const { clock, log } = deps
  const { schedule } = settings
  const startedAt = clock.now()
  const oneAtATime = makeQueue()
  let held = noKeys

  const update = async () => {
    held = await readKeys(deps, held)
    if (isRotationDue(held.stored, { ...settings, now: clock.now(), startedAt })) {
      await addKey(deps, { ...settings, keys: held.stored })
      held = await readKeys(deps, held)
    }
    await tidyKeys(deps, { held, schedule })
  }

  await update()
  refuseUnusable(held, { now: clock.now(), schedule })

  return {
    get version() {
      return held.version
    },
    find: (kid, algorithm) => findKey(held, kid, algorithm),
    signer: () => signerAt(held, clock.now()),
    publicKeySet: () => publicKeySetAt(held, { now: clock.now(), schedule }),
    list: () => keyStatuses(held.stored, { now: clock.now(), schedule }),
    rotate: (by) =>
      oneAtATime(async () => {
        held = await readKeys(deps, held)
        const key = await startRotation(deps, { ...settings, keys: held.stored, by })
        held = await readKeys(deps, held)
        return upcomingStatus(key)
      }),
    revoke: (kid, by) =>
      oneAtATime(async () => {
        const audit = keyEvent('key.revoked', { kid, at: clock.now(), actor: by })
        const isDone = await deps.signingKeys.revoke(kid, audit.at, { audit })
        if (!isDone) throw new AuthError('NOT_FOUND')
        log.warn({ event: 'keys.revoked', kid }, 'A signing key was revoked, with all it signed.')
        await update()
      }),
    reload: () =>
      oneAtATime(update).catch((error: unknown) => {
        log.error({ err: error }, 'The signing keys could not be read again; those in use stay.')
      }),
  }
}

// A slow read that ends after a later one would bring old keys back.
function makeQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => {})
    return result
  }
}

interface Moment {
  readonly now: EpochSeconds
  readonly schedule: KeySchedule
}

function signerAt({ stored, pairs }: HeldKeys, now: EpochSeconds): Signer {
  const pair = pairs.get(signingKeyAt(stored, now)?.kid ?? '')
  if (!pair) throw new AuthError('UNAVAILABLE', { detail: 'the signing key cannot be opened' })
  return { kid: pair.kid, algorithm: pair.algorithm, key: pair.privateKey }
}

function publicKeySetAt({ stored, pairs }: HeldKeys, moment: Moment): PublicKeySet {
  const published = stageKeys(stored, moment).filter(({ stage }) => stage !== 'expired')
  return { keys: published.flatMap(({ key }) => pairs.get(key.kid)?.publicJwk ?? []) }
}

function refuseUnusable({ stored, pairs }: HeldKeys, moment: Moment): void {
  const needed = stageKeys(stored, moment).filter(
    ({ stage }) => stage === 'signing' || stage === 'upcoming',
  )
  const problems = needed
    .filter(({ key }) => !pairs.has(key.kid))
    .map(
      ({ key }) =>
        `Signing key ${key.kid} cannot be opened with COUNTERSIGN_SECRET. ` +
        'Name the secret before as COUNTERSIGN_SECRET_PREVIOUS, or restore the database.',
    )
  if (problems.length > 0) throw new StartupError(problems)
}
