import type { Expression, Kysely, SqlBool } from 'kysely'
import type { Tables } from './tables.ts'

/** An open database, and all that the statements must know of its dialect. */
export interface SqlDatabase {
  /** Its transactions take the write lock when they begin: none is refused half-way. */
  readonly db: Kysely<Tables>
  /** Whether a column contains a text, wildcards meaning nothing. */
  contains(column: Expression<string | null>, text: string): Expression<SqlBool>
  /** Words a failure before serving as a `StartupError`; other errors come back as they are. */
  startupFailure(error: unknown): unknown
  /** Finishes what was begun and lets go. Whatever comes later is refused. Safe to call twice. */
  close(): Promise<void>
}
