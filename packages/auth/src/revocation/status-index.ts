import { AuthError } from '../base/errors.ts'
import type { EpochSeconds } from '../base/time.ts'
import type { InstallationStore } from '../model/installation.ts'
import type { StatusStore, StatusSubject } from '../model/status-list.ts'
import type { Random } from '../ports/random.ts'

/** Statuses in one list. Compressed, a list of which few are dead is a few kB long. */
export const listSize: number = 2 ** 20

/** How many indexes are drawn before another list is begun: by then half of them are taken. */
const draws = 8
const countName = 'status-lists'

export interface StatusDeps {
  readonly stores: {
    readonly statuses: StatusStore
    readonly installation: InstallationStore
  }
  readonly random: Random
}

/**
 * The index that tells of a subject's tokens. Drawn at random over all lists: an index says
 * nothing of when its token was issued, nor to whom others near it belong.
 *
 * @param until When the last token of the subject will have expired.
 * @throws {AuthError} `UNAVAILABLE` when no free one was found.
 * @see draft-ietf-oauth-status-list §12.5 (unlinkability), §13.2
 */
export async function statusIndexOf(
  deps: StatusDeps,
  subject: StatusSubject,
  until: EpochSeconds,
): Promise<number> {
  const known = await deps.stores.statuses.find(subject)
  if (known !== null) return known
  const lists = await listCount(deps.stores)
  const drawn = await drawIndex(deps, { subject, until, from: 0, to: lists * listSize })
  if (drawn !== null) return drawn
  await addList(deps.stores, lists)
  const range = { from: lists * listSize, to: (lists + 1) * listSize }
  const inNewList = await drawIndex(deps, { subject, until, ...range })
  if (inNewList === null) throw noIndex()
  return inNewList
}

/** How many lists there are. */
export async function listCount({
  installation,
}: Pick<StatusDeps['stores'], 'installation'>): Promise<number> {
  const known = await installation.get(countName)
  return Number(known ?? (await installation.putIfAbsent(countName, '1')))
}

async function drawIndex(
  { stores: { statuses }, random }: StatusDeps,
  input: {
    readonly subject: StatusSubject
    readonly until: EpochSeconds
    readonly from: number
    readonly to: number
  },
): Promise<number | null> {
  const { subject, until, from, to } = input
  for (let draw = 0; draw < draws; draw += 1) {
    const index = from + drawBelow(random, to - from)
    if (await statuses.assign(subject, index, until)) return index
    // Another request for the same subject may have been faster.
    const known = await statuses.find(subject)
    if (known !== null) return known
  }
  return null
}

// 48 random bits: how much more likely the low ones are does not show below 2^40.
function drawBelow(random: Random, limit: number): number {
  return Buffer.from(random.bytes(6)).readUIntBE(0, 6) % limit
}

/** Of processes that add one at the same moment, one does. */
async function addList(
  { installation }: Pick<StatusDeps['stores'], 'installation'>,
  lists: number,
): Promise<void> {
  await installation.replace(countName, String(lists), String(lists + 1))
}

function noIndex(): AuthError {
  return new AuthError('UNAVAILABLE', {
    detail: 'no free index in the status lists was found',
    retryAfterSeconds: 1,
  })
}
