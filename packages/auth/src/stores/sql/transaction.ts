import type { Kysely, Transaction } from 'kysely'
import { AuthError } from '../../base/errors.ts'
import type { SqlDialect } from './database.ts'
import type { Tables } from './tables.ts'

/** How often a transaction is tried that others keep overtaking. */
const attempts = 5

/**
 * Runs a transaction, and runs it again when another was faster: a check before a write then
 * sees what the other wrote. `work` changes nothing but the database.
 *
 * @throws {AuthError} `UNAVAILABLE` when others were faster every time.
 */
export async function inTransaction<Result>(
  { db, dialect }: { readonly db: Kysely<Tables>; readonly dialect: SqlDialect },
  work: (trx: Transaction<Tables>) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (!dialect.isRaceLost(error)) throw error
      if (attempt === attempts) throw overtaken(error)
    }
  }
}

function overtaken(cause: unknown): AuthError {
  return new AuthError('UNAVAILABLE', {
    detail: 'other changes to the same rows were faster, again and again',
    retryAfterSeconds: 1,
    cause,
  })
}
