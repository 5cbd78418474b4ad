import type { Transaction } from 'kysely'
import type { SqlDialect } from './database.ts'
import type { Tables } from './tables.ts'

/** For whatever reads a user or their sessions and writes by what it read. */
export function takeTurnOfUser(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  userId: string,
): Promise<void> {
  return dialect.takeTurn(trx, `user ${userId}`)
}
