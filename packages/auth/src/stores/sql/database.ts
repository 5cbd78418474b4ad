import type { Expression, Kysely, RawBuilder, Selectable, SqlBool, Transaction } from 'kysely'
import type { StoreConnections } from '../../model/stores.ts'
import type { RevocationRow, Tables } from './tables.ts'

/** How a database is doing, in its own words. */
export interface DatabaseCondition {
  readonly sizeBytes: number
  /** As SQLite names it; `wal` is what this code sets. `null` with PostgreSQL. */
  readonly journalMode: string | null
  /** As PostgreSQL names it; `null` with SQLite. */
  readonly serverVersion: string | null
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

/** What the statements must know of the database they run on. */
export interface SqlDialect {
  /** Which statements of a migration it takes. */
  readonly name: 'sqlite' | 'postgresql'
  readonly places: LedgerPlaces
  /** The name of its type for bytes. */
  readonly bytesType: RawBuilder<unknown>
  /** Whether a column contains a text, wildcards meaning nothing. */
  contains(column: Expression<string | null>, text: string): Expression<SqlBool>
  /** Names of the tables of ours that are there. */
  tableNames(db: Kysely<Tables>): Promise<string[]>
  /**
   * Lets one transaction at a time go on from here, of those that name the same `what`. The
   * next one sees what the one before it has committed.
   */
  takeTurn(trx: Transaction<Tables>, what: string): Promise<void>
  /**
   * Whether a transaction failed because another was faster: run again, it sees what that did.
   * It was rolled back then.
   */
  isRaceLost(error: unknown): boolean
  /** Tells other processes of new entries in the ledger, once the transaction is committed. */
  announceEntries(trx: Transaction<Tables>): Promise<void>
}

/** An open database. */
export interface SqlDatabase {
  readonly dialect: SqlDialect
  readonly db: Kysely<Tables>
  /** The same, with connections of its own for what must not wait behind the rest: refresh, revocation, the feed. */
  readonly reserved: Kysely<Tables>
  /** The same, for changes to the schema: a statement may take its time. */
  readonly unhurried: Kysely<Tables>
  /** Calls a listener when other processes may have written to the ledger. Some calls are lost. @returns Ends that. */
  onEntriesElsewhere(listener: () => void): () => void
  /** Of the pool, as it is now; `null` with one connection. */
  connections(): StoreConnections | null
  /** Looks at its state; of SQLite reads all of it. */
  examine(): Promise<DatabaseCondition>
  /**
   * Copies all of it into a new file while others go on.
   *
   * @param onProgress Gets the share that is copied, 0 to 1.
   * @throws {StartupError} when it cannot be copied, or there is such a file.
   */
  backUp(path: string, onProgress: (share: number) => void): Promise<void>
  /** Words a failure before serving as a `StartupError`; other errors come back as they are. */
  startupFailure(error: unknown): unknown
  /** Finishes what was begun and lets go. Whatever comes later is refused. Safe to call twice. */
  close(): Promise<void>
}
