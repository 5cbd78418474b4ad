import { CompiledQuery, type Transaction } from 'kysely'
import { StartupError } from '../../base/startup-error.ts'
import type { SqlDatabase } from './database.ts'
import { type Migration, migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

/** Names the steps that were applied. Its presence says that the database is Countersign's. */
const marker = 'countersign_migrations'

/**
 * Brings the schema up to date. Each step is one transaction under the write lock: of any
 * number of processes that start together, one applies it and the others find it done.
 *
 * @returns The names of the steps this call applied.
 * @throws {StartupError} when the database is newer than this code.
 */
export async function migrateToLatest(
  { db }: Pick<SqlDatabase, 'db'>,
  steps: readonly Migration[] = migrations,
): Promise<string[]> {
  const applied: string[] = []
  for (const migration of await pendingMigrations({ db }, steps)) {
    const isMine = await db.transaction().execute((trx) => applyUnlessDone(trx, migration))
    if (isMine) applied.push(migration.name)
  }
  return applied
}

async function applyUnlessDone(trx: Transaction<Tables>, migration: Migration): Promise<boolean> {
  await trx.schema
    .createTable(marker)
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.notNull().primaryKey())
    .execute()
  const done = await readNames(trx)
  if (done.includes(migration.name)) return false
  for (const statement of migration.sqlite) await trx.executeQuery(CompiledQuery.raw(statement))
  await trx.insertInto(marker).values({ name: migration.name }).execute()
  return true
}

/**
 * The steps that are still to do. Changes nothing.
 *
 * @throws {StartupError} when the database is newer than this code.
 */
export async function pendingMigrations(
  { db }: Pick<SqlDatabase, 'db'>,
  steps: readonly Migration[] = migrations,
): Promise<Migration[]> {
  const tables = await tableNames(db)
  const done = tables.includes(marker) ? await readNames(db) : []
  const unknown = done.filter((name) => !steps.some((known) => known.name === name))
  if (unknown.length > 0) {
    throw new StartupError([
      `The database was made by a newer version of Countersign (${unknown.join(', ')} is unknown to this one). Start that version again, or restore a backup made before it.`,
    ])
  }
  return steps.filter(({ name }) => !done.includes(name))
}

/** Whether exactly the steps this code knows were applied. */
export async function isSchemaCurrent({ db }: Pick<SqlDatabase, 'db'>): Promise<boolean> {
  const done = await readNames(db)
  return done.length === migrations.length && migrations.every(({ name }) => done.includes(name))
}

/** Whether the database holds tables, but none of Countersign's. */
export async function isForeign({ db }: Pick<SqlDatabase, 'db'>): Promise<boolean> {
  const tables = await tableNames(db)
  return tables.length > 0 && !tables.includes(marker)
}

async function tableNames(db: SqlDatabase['db']): Promise<string[]> {
  const tables = await db.introspection.getTables()
  return tables.map(({ name }) => name)
}

async function readNames(db: SqlDatabase['db']): Promise<string[]> {
  const rows = await db.selectFrom(marker).select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}
