import { type EpochSeconds, secondsPerDay } from '../base/time.ts'
import type { SigningAlgorithm, StoredSigningKey } from '../model/signing-key.ts'

/** The durations that stage a key's life, in seconds. */
export interface KeySchedule {
  /** How long others may keep the key set: its `max-age`. */
  readonly jwksCacheSeconds: number
  /** How often every process of the authority reads the keys from the store. */
  readonly reloadSeconds: number
  /** The longest lifetime a token may have been given, whatever it is now. */
  readonly accessTokenSeconds: number
  /** A key that has signed this long gets a successor. */
  readonly rotationSeconds: number
}

/** How often keys are read and replaced, unless somebody chooses otherwise. */
export const keyScheduleDefaults: Pick<KeySchedule, 'reloadSeconds' | 'rotationSeconds'> = {
  reloadSeconds: 10,
  rotationSeconds: 30 * secondsPerDay,
}

/** How far the clocks of two machines may be apart. */
const clockToleranceSeconds = 60

/**
 * - `upcoming`: published, does not sign yet
 * - `signing`: exactly one, unless there is no key at all
 * - `retired`: published for the tokens it signed
 * - `expired`: its last token has expired; to be removed
 */
export type KeyStage = 'upcoming' | 'signing' | 'retired' | 'expired'

/** A key with what its place in the line means. */
export interface StagedKey {
  readonly key: StoredSigningKey
  readonly stage: KeyStage
  /** When its successor takes over; `null` while there is none. */
  readonly activeUntil: EpochSeconds | null
  /** When its last token has expired; `null` while it has no successor. */
  readonly publishedUntil: EpochSeconds | null
}

/** How long a new key is published before it signs: until every cached key set holds it. */
function leadSeconds({ jwksCacheSeconds, reloadSeconds }: KeySchedule): number {
  return jwksCacheSeconds + reloadSeconds + clockToleranceSeconds
}

/**
 * Says which key does what at a moment. A key signs from its `activeFrom` until that of the
 * next one; before the first key's `activeFrom` (a clock set back) the first one signs.
 *
 * @param keys In the order of `SigningKeyStore.list`.
 */
export function stageKeys(
  keys: readonly StoredSigningKey[],
  { now, schedule }: { readonly now: EpochSeconds; readonly schedule: KeySchedule },
): StagedKey[] {
  const signing = indexOfSigning(keys, now)
  return keys.map((key, index) => {
    const activeUntil = keys[index + 1]?.activeFrom ?? null
    const publishedUntil =
      activeUntil === null
        ? null
        : activeUntil + schedule.accessTokenSeconds + clockToleranceSeconds
    const hasExpired = publishedUntil !== null && publishedUntil <= now
    const past: KeyStage = hasExpired ? 'expired' : 'retired'
    const stage = index > signing ? 'upcoming' : index === signing ? 'signing' : past
    return { key, stage, activeUntil, publishedUntil }
  })
}

/** The one key that signs at a moment; `null` only when there is no key. */
export function signingKeyAt(
  keys: readonly StoredSigningKey[],
  now: EpochSeconds,
): StoredSigningKey | null {
  return keys[indexOfSigning(keys, now)] ?? null
}

/** Whether a rotation is under way: the newest key does not sign yet. */
export function isRotationPending(keys: readonly StoredSigningKey[], now: EpochSeconds): boolean {
  const newest = keys.at(-1)
  return newest !== undefined && newest.activeFrom > now
}

/**
 * Whether it is time for a new key: there is none, the newest has signed for long enough, or
 * another algorithm is wanted. Never while a rotation is under way.
 *
 * @param input.startedAt When this process read its configuration. A key made later was made
 *   by a process with a newer configuration: its algorithm stays, or two processes that
 *   disagree during a deployment would replace each other's keys for ever.
 */
export function isRotationDue(
  keys: readonly StoredSigningKey[],
  {
    now,
    schedule,
    algorithm,
    startedAt,
  }: {
    readonly now: EpochSeconds
    readonly schedule: KeySchedule
    readonly algorithm: SigningAlgorithm
    readonly startedAt: EpochSeconds
  },
): boolean {
  const newest = keys.at(-1)
  if (!newest) return true
  if (isRotationPending(keys, now)) return false
  const hasOldAlgorithm = newest.algorithm !== algorithm && newest.createdAt <= startedAt
  return hasOldAlgorithm || now - newest.activeFrom >= schedule.rotationSeconds
}

/** When a key made now begins to sign: the first at once, a successor when all know it. */
export function successorActiveFrom(
  keys: readonly StoredSigningKey[],
  { now, schedule }: { readonly now: EpochSeconds; readonly schedule: KeySchedule },
): EpochSeconds {
  return keys.length === 0 ? now : now + leadSeconds(schedule)
}

function indexOfSigning(keys: readonly StoredSigningKey[], now: EpochSeconds): number {
  return Math.max(
    0,
    keys.findLastIndex(({ activeFrom }) => activeFrom <= now),
  )
}
