import type { Expression, Kysely, Selectable, SqlBool } from 'kysely'
import type { RevocationRow, Tables } from './tables.ts'

/** How a database is doing, in its own words. */
export interface DatabaseCondition {
  readonly sizeBytes: number
  /** As SQLite names it; `wal` is what this code sets. */
  readonly journalMode: string
  /** What is damaged; empty when nothing is. */
  readonly damages: readonly string[]
}

/** Places in the ledger of revocations, as a dialect can tell them without missing a commit. */
export interface LedgerPlaces {
  /** The place now. */
  now(db: Kysely<Tables>): Promise<string>
  /**
   * What was committed after a place, at most `limit` rows, and the place they lead to. `null`:
   * not a place of this ledger.
   */
  after(
    db: Kysely<Tables>,
    cursor: string,
    limit: number,
  ): Promise<{ cursor: string; rows: Selectable<RevocationRow>[] } | null>
  /** Whether an entry lies at or before the place that a column of `verifiers` holds. */
  covers(entryId: number): Expression<SqlBool>
}

/** An open database, and all that the statements must know of its dialect. */
export interface SqlDatabase {
  /** Its transactions take the write lock when they begin: none is refused half-way. */
  readonly db: Kysely<Tables>
  /** Whether a column contains a text, wildcards meaning nothing. */
  contains(column: Expression<string | null>, text: string): Expression<SqlBool>
  readonly places: LedgerPlaces
  /** Reads all of it. */
  examine(): Promise<DatabaseCondition>
  /** Words a failure before serving as a `StartupError`; other errors come back as they are. */
  startupFailure(error: unknown): unknown
  /** Finishes what was begun and lets go. Whatever comes later is refused. Safe to call twice. */
  close(): Promise<void>
}
