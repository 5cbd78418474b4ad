import type { Kysely, Selectable } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type {
  LedgerPart,
  Revocation,
  RevocationReach,
  RevocationStore,
  VerifierProgress,
} from '../../model/revocation.ts'
import type { LedgerPlaces, SqlDatabase } from './database.ts'
import type { Doorbell } from './doorbell.ts'
import type { RevocationRow, Tables } from './tables.ts'

type Ledger = Pick<SqlDatabase, 'dialect' | 'reserved' | 'onEntriesElsewhere'> & {
  readonly doorbell: Doorbell
}

export function sqlRevocations(ledger: Ledger): RevocationStore {
  const { dialect, reserved: db } = ledger
  const { places } = dialect
  return {
    position: () => places.now(db),
    list: (input) => listEntries(db, input),
    readAfter: (cursor, limit) => readAfter({ db, places }, cursor, limit),
    noteProgress: (progress) => noteProgress(db, progress),
    reach: (target, since) => reach({ db, places }, { ...target, since }),
    onWritten: (listener) => listenForEntries(ledger, listener),
    deleteExpired: (time) => deleteExpired(db, time),
  }
}

interface Reading {
  readonly db: Kysely<Tables>
  readonly places: LedgerPlaces
}

// What others wrote is not told with the news that they wrote.
function listenForEntries(
  { doorbell, onEntriesElsewhere }: Ledger,
  listener: Parameters<RevocationStore['onWritten']>[0],
): () => void {
  const ends = [doorbell.listen(listener), onEntriesElsewhere(() => listener([]))]
  return () => {
    for (const end of ends) end()
  }
}

async function listEntries(
  db: Kysely<Tables>,
  { now, after, limit }: Parameters<RevocationStore['list']>[0],
): ReturnType<RevocationStore['list']> {
  const rows = await db
    .selectFrom('revocations')
    .selectAll()
    .where('id', '>', Number(after ?? 0))
    .where('expires_at', '>', now)
    .orderBy('id')
    .limit(limit)
    .execute()
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { entries: rows.map(toRevocation), next: last ? String(last.id) : null }
}

async function readAfter(
  { db, places }: Reading,
  cursor: string,
  limit: number,
): Promise<LedgerPart | null> {
  const part = await places.after(db, cursor, limit + 1)
  if (!part || part.rows.length > limit) return null
  return { cursor: part.cursor, entries: part.rows.map(toRevocation) }
}

async function noteProgress(
  db: Kysely<Tables>,
  progress: readonly VerifierProgress[],
): Promise<void> {
  if (progress.length === 0) return
  const rows = progress.map(({ verifierId, cursor, seenAt }) => ({
    id: verifierId,
    cursor,
    seen_at: seenAt,
  }))
  await db
    .insertInto('verifiers')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        cursor: eb.ref('excluded.cursor'),
        seen_at: eb.ref('excluded.seen_at'),
      })),
    )
    .execute()
}

async function reach(
  { db, places }: Reading,
  { kind, key, since }: Pick<Revocation, 'kind' | 'key'> & { since: EpochSeconds },
): Promise<RevocationReach> {
  const live = await countVerifiers(db, since)
  const entry = await db
    .selectFrom('revocations')
    .select('id')
    .where('kind', '=', kind)
    .where('key', '=', key)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!entry) return { of: live, effectiveOn: 0 }
  const { count } = await db
    .selectFrom('verifiers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('seen_at', '>=', since)
    .where(places.covers(entry.id))
    .executeTakeFirstOrThrow()
  return { of: live, effectiveOn: count }
}

async function countVerifiers(db: Kysely<Tables>, since: EpochSeconds): Promise<number> {
  const { count } = await db
    .selectFrom('verifiers')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('seen_at', '>=', since)
    .executeTakeFirstOrThrow()
  return count
}

async function deleteExpired(db: Kysely<Tables>, time: EpochSeconds): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('revocations')
    .where('expires_at', '<', time)
    .executeTakeFirstOrThrow()
  await db.deleteFrom('verifiers').where('seen_at', '<', time).execute()
  return Number(numDeletedRows)
}

function toRevocation(row: Selectable<RevocationRow>): Revocation {
  return {
    kind: row.kind,
    key: row.key,
    floor: row.floor,
    reason: row.reason,
    expiresAt: row.expires_at,
  }
}
