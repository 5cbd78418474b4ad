import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { AuditStore } from '../model/audit.ts'
import { emptyChain, followChain, isGenuineHead, parseHead } from './chain.ts'

/** What was found of the audit trail. */
export interface TrailReport {
  /** How many events of the chain are as they were sealed, from the first on. */
  readonly intact: number
  /** Where the first break is, and of what kind; `null`: there is none. */
  readonly broken: {
    readonly at: number
    readonly reason: 'changed' | 'cut_off' | 'head_forged'
  } | null
  /** Events of the last moments, which are not in the chain yet. */
  readonly unsealed: number
}

const page = 1000

/**
 * Follows the whole chain and compares its end with the one that was signed.
 *
 * It shows changed, removed, inserted and reordered events to whoever holds the application
 * secret. It cannot show that a whole database was set back to an older copy of itself: keep the
 * newest position elsewhere for that.
 *
 * @param onProgress Gets how many events were followed, of how many.
 */
export async function verifyTrail(
  { audit, secrets }: { readonly audit: AuditStore; readonly secrets: ApplicationSecrets },
  onProgress: (followed: number, of: number) => void = () => {},
): Promise<TrailReport> {
  // Read first: what is sealed meanwhile lies behind it.
  const written = await audit.head()
  const unsealed = await audit.countUnsealed()
  const total = written === null ? 0 : parseHead(written).position
  let head = emptyChain
  for (;;) {
    const records = await audit.chain(head.position, page)
    const followed = followChain(head, records)
    if ('brokenAt' in followed) {
      return {
        intact: followed.brokenAt - 1,
        unsealed,
        broken: { at: followed.brokenAt, reason: 'changed' },
      }
    }
    head = followed.head
    onProgress(head.position, total)
    if (records.length < page) break
  }
  const intact = head.position
  if (written === null) {
    const isEmpty = intact === 0
    return { intact, unsealed, broken: isEmpty ? null : { at: intact + 1, reason: 'head_forged' } }
  }
  if (!isGenuineHead(secrets, written)) {
    return { intact, unsealed, broken: { at: intact + 1, reason: 'head_forged' } }
  }
  const isWhole = total <= intact
  return { intact, unsealed, broken: isWhole ? null : { at: intact + 1, reason: 'cut_off' } }
}
