import type { AuthOptions } from '../../app/options.ts'
import { type EpochSeconds, secondsPerDay, toIsoTime } from '../../base/time.ts'
import type { KeyStatus } from '../../keys/key-status.ts'
import { keyScheduleDefaults } from '../../keys/stages.ts'
import type { StoredSigningKey } from '../../model/signing-key.ts'
import { inWords } from '../duration-words.ts'
import { errorAbout, type Finding, warningAbout } from './report.ts'

/** Two machines' clocks may be so far apart, in seconds. */
const clockToleranceSeconds = 60
/** 2026-11-01, before which there was nothing to run this on. */
const earliestTime: EpochSeconds = 1_793_491_200

interface Keys {
  /** Oldest first. */
  readonly keys: readonly KeyStatus[]
  readonly options: Pick<AuthOptions, 'signingAlgorithm'>
  readonly now: EpochSeconds
}

/** What the keys say of themselves, of the configuration and of the clock. */
export function keyFindings({ keys, options, now }: Keys): Finding[] {
  const newest = keys.at(-1)
  if (!newest) return []
  return [
    ...madeInTheFuture(newest, now),
    ...overdue(newest, now),
    ...otherAlgorithm(newest, options),
  ]
}

/** Keys that sign or are to be, and cannot be opened with the application secret. */
export function sealedKeyFindings(
  stored: readonly StoredSigningKey[],
  opened: ReadonlyMap<string, unknown>,
): Finding[] {
  return stored
    .filter(({ kid }) => !opened.has(kid))
    .map(({ kid }) =>
      errorAbout(
        'keys',
        `Signing key ${kid} cannot be opened with COUNTERSIGN_SECRET. Name the secret before as COUNTERSIGN_SECRET_PREVIOUS, or restore the database.`,
      ),
    )
}

/** Whether the clock shows a time that cannot be. */
export function clockFindings(now: EpochSeconds): Finding[] {
  if (now >= earliestTime) return []
  return [errorAbout('clock', `The clock says ${toIsoTime(now)}. Set it: tokens carry the time.`)]
}

function madeInTheFuture({ kid, createdAt }: KeyStatus, now: EpochSeconds): Finding[] {
  if (createdAt <= now + clockToleranceSeconds) return []
  const message = `Key ${kid} was made at ${toIsoTime(createdAt)}, which is still to come: this clock is behind, or another was ahead. Tokens carry the time.`
  return [errorAbout('clock', message)]
}

function overdue({ kid, activeFrom }: KeyStatus, now: EpochSeconds): Finding[] {
  const { rotationSeconds } = keyScheduleDefaults
  if (now - activeFrom < rotationSeconds + secondsPerDay) return []
  const message = `Key ${kid} has signed for ${inWords(now - activeFrom)}. A running server replaces it after ${inWords(rotationSeconds)}: does one run?`
  return [warningAbout('keys', message)]
}

function otherAlgorithm(
  { algorithm }: KeyStatus,
  { signingAlgorithm = 'ES256' }: Keys['options'],
): Finding[] {
  if (algorithm === signingAlgorithm) return []
  const message = `SIGNING_ALG is ${signingAlgorithm} and the newest key ${algorithm}: the server makes another when it starts.`
  return [warningAbout('keys', message)]
}
