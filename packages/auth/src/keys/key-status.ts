import type { EpochSeconds } from '../base/time.ts'
import type { SigningAlgorithm, StoredSigningKey } from '../model/signing-key.ts'
import { type KeySchedule, type KeyStage, type StagedKey, stageKeys } from './stages.ts'

/** A key of the ring, for operators. */
export interface KeyStatus {
  readonly kid: string
  readonly algorithm: SigningAlgorithm
  readonly stage: Exclude<KeyStage, 'expired'>
  readonly createdAt: EpochSeconds
  readonly activeFrom: EpochSeconds
  /** `null` while there is no successor. */
  readonly activeUntil: EpochSeconds | null
  /** `null` while there is no successor. */
  readonly publishedUntil: EpochSeconds | null
}

/**
 * What operators are shown of the keys in the store: all but those that have expired.
 *
 * @param keys In the order of `SigningKeyStore.list`, which is that of the answer.
 */
export function keyStatuses(
  keys: readonly StoredSigningKey[],
  moment: { readonly now: EpochSeconds; readonly schedule: KeySchedule },
): KeyStatus[] {
  return stageKeys(keys, moment).flatMap((staged) => {
    const { stage } = staged
    return stage === 'expired' ? [] : toStatus({ ...staged, stage })
  })
}

/** The status of a key that was just added. */
export function upcomingStatus(key: StoredSigningKey): KeyStatus {
  return toStatus({ key, stage: 'upcoming', activeUntil: null, publishedUntil: null })
}

function toStatus(staged: StagedKey & Pick<KeyStatus, 'stage'>): KeyStatus {
  const { key, stage, activeUntil, publishedUntil } = staged
  const { kid, algorithm, createdAt, activeFrom } = key
  return { kid, algorithm, stage, createdAt, activeFrom, activeUntil, publishedUntil }
}
