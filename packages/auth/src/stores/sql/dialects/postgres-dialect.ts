import { sql } from 'kysely'
import type { SqlDialect } from '../database.ts'
import { isRaceLost } from './postgres-failures.ts'
import { postgresPlaces } from './postgres-places.ts'

/** Where everything is kept: beside an application's own tables, without meeting them. */
export const schemaName = 'countersign'

/** What a process listens on to hear that another wrote to the ledger. */
export const entriesChannel = 'countersign_entries'

/** Transactions are read committed: each statement sees what was committed before it. */
export const postgresStatements: SqlDialect = {
  name: 'postgresql',
  places: postgresPlaces,
  bytesType: sql`bytea`,
  contains: (column, text) => sql`strpos(${column}, ${text}) > 0`,

  async tableNames(db) {
    const { rows } = await sql<{ tablename: string }>`
      SELECT tablename FROM pg_tables WHERE schemaname = ${schemaName}
    `.execute(db)
    return rows.map(({ tablename }) => tablename)
  },

  // Held until the transaction ends, however it does. Other names may share a lock: they wait
  // for each other then, and no more.
  async takeTurn(trx, what) {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`countersign ${what}`}, 0))`.execute(
      trx,
    )
  },

  isRaceLost,

  async announceEntries(trx) {
    await sql`SELECT pg_notify(${entriesChannel}, '')`.execute(trx)
  },
}
