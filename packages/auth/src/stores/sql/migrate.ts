import { CompiledQuery, type Transaction } from 'kysely'
import { StartupError } from '../../base/startup-error.ts'
import type { SqlDatabase, SqlDialect } from './database.ts'
import type { Migration } from './migrations/migration.ts'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

/** Names the steps that were applied. Its presence says that the database is Countersign's. */
const marker = 'countersign_migrations'

type Schema = Pick<SqlDatabase, 'dialect' | 'db'>

/**
 * Brings the schema up to date. Each step is one transaction in its turn: of any number of
 * processes that start together, one applies it and the others find it done.
 *
 * @returns The names of the steps this call applied.
 * @throws {StartupError} when the database is newer than this code.
 */
export async function migrateToLatest(
  { dialect, db, unhurried }: Pick<SqlDatabase, 'dialect' | 'db' | 'unhurried'>,
  steps: readonly Migration[] = migrations,
): Promise<string[]> {
  const applied: string[] = []
  for (const migration of await pendingMigrations({ dialect, db }, steps)) {
    const isMine = await unhurried
      .transaction()
      .execute((trx) => applyUnlessDone(trx, dialect, migration))
    if (isMine) applied.push(migration.name)
  }
  return applied
}

async function applyUnlessDone(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  migration: Migration,
): Promise<boolean> {
  await dialect.takeTurn(trx, 'migration')
  await trx.schema
    .createTable(marker)
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.notNull().primaryKey())
    .execute()
  const done = await readNames(trx)
  if (done.includes(migration.name)) return false
  for (const statement of migration[dialect.name]) {
    await trx.executeQuery(CompiledQuery.raw(statement))
  }
  await trx.insertInto(marker).values({ name: migration.name }).execute()
  return true
}

/**
 * The steps that are still to do. Changes nothing.
 *
 * @throws {StartupError} when the database is newer than this code.
 */
export async function pendingMigrations(
  { dialect, db }: Schema,
  steps: readonly Migration[] = migrations,
): Promise<Migration[]> {
  const done = await appliedNames({ dialect, db })
  const unknown = done.filter((name) => !steps.some((known) => known.name === name))
  if (unknown.length > 0) {
    throw new StartupError([
      `The database was made by a newer version of Countersign (${unknown.join(', ')} is unknown to this one). Start that version again, or restore a backup made before it.`,
    ])
  }
  return steps.filter(({ name }) => !done.includes(name))
}

/**
 * Whether the steps this code knows were applied. There may be more: a step only adds, so that
 * this code goes on beside a newer one that is taking its place.
 */
export async function isSchemaCurrent(schema: Schema): Promise<boolean> {
  const done = await appliedNames(schema)
  return migrations.every(({ name }) => done.includes(name))
}

/** Whether the database holds tables, but none of Countersign's. */
export async function isForeign({ dialect, db }: Schema): Promise<boolean> {
  const tables = await dialect.tableNames(db)
  return tables.length > 0 && !tables.includes(marker)
}

async function appliedNames({ dialect, db }: Schema): Promise<string[]> {
  const tables = await dialect.tableNames(db)
  return tables.includes(marker) ? await readNames(db) : []
}

async function readNames(db: SqlDatabase['db']): Promise<string[]> {
  const rows = await db.selectFrom(marker).select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}
