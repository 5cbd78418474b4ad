import type { Stores } from '../../model/stores.ts'
import type { DatabaseCondition } from './database.ts'
import { pendingMigrations } from './migrate.ts'
import { migrations } from './migrations.ts'
import { beforeServing, databaseExists, openDatabase, type SqlOptions } from './open-database.ts'
import { storesOver } from './open-sql-stores.ts'

/** A database as it was found. */
export interface SqlInspection extends DatabaseCondition {
  /** Names of the schema's steps that are still to do. While there are any, ask no store. */
  readonly pendingSteps: readonly string[]
  /** For reading: every change is refused. To be closed. */
  readonly stores: Stores
}

/**
 * Looks at a database, all of it, and changes nothing.
 *
 * @returns `null` when there is none yet.
 * @throws {StartupError} when it cannot be used, or is newer than this code.
 */
export async function inspectSql(options: SqlOptions): Promise<SqlInspection | null> {
  if (!databaseExists(options.url)) return null
  const database = await openDatabase(options, { mayCreate: false, mayWrite: false })
  return await beforeServing(database, async () => {
    const pending = await pendingMigrations(database)
    const condition = await database.examine()
    return {
      ...condition,
      pendingSteps: pending.map(({ name }) => name),
      stores: storesOver(database),
    }
  })
}

/**
 * The steps `migrateSql` would apply. Changes nothing.
 *
 * @throws {StartupError} as `migrateSql` does.
 */
export async function pendingSql(options: SqlOptions): Promise<readonly string[]> {
  if (!databaseExists(options.url)) return migrations.map(({ name }) => name)
  const database = await openDatabase(options, { mayCreate: false, mayWrite: false })
  const pending = await beforeServing(database, () => pendingMigrations(database))
  await database.close()
  return pending.map(({ name }) => name)
}
