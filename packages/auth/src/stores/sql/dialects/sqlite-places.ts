import { type Kysely, sql } from 'kysely'
import type { LedgerPlaces } from '../database.ts'
import type { Tables } from '../tables.ts'

/** Writers come one after another, so the number of the newest entry is the place. */
export const sqlitePlaces: LedgerPlaces = {
  now: async (db) => String(await newestId(db)),

  async after(db, cursor, limit) {
    const place = /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.NaN
    const rows = await db
      .selectFrom('revocations')
      .selectAll()
      .where('id', '>', place)
      .orderBy('id')
      .limit(limit)
      .execute()
    const last = rows.at(-1)
    if (last) return { cursor: String(last.id), rows }
    // Ahead of the ledger: of another one, or of one that was set back.
    return place <= (await newestId(db)) ? { cursor, rows } : null
  },

  covers: (entryId) => sql`CAST(verifiers.cursor AS INTEGER) >= ${entryId}`,
}

// As SQLite remembers it: the rows themselves may have been swept.
async function newestId(db: Kysely<Tables>): Promise<number> {
  const { rows } = await sql<{
    seq: number
  }>`SELECT seq FROM sqlite_sequence WHERE name = 'revocations'`.execute(db)
  return rows[0]?.seq ?? 0
}
