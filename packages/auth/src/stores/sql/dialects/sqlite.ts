import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Database } from 'better-sqlite3'
import { CompiledQuery, Kysely } from 'kysely'
import { StartupError } from '../../../base/startup-error.ts'
import type { SqlDatabase } from '../database.ts'
import { isForeign } from '../migrate.ts'
import type { Tables } from '../tables.ts'
import { backUpSqlite } from './sqlite-backup.ts'
import { examineSqlite } from './sqlite-condition.ts'
import { sqliteStatements } from './sqlite-dialect.ts'
import { SqliteDriver, sqliteDialect } from './sqlite-driver.ts'
import { startupFailure } from './sqlite-failures.ts'
import { prepareSqliteFile } from './sqlite-file.ts'

interface SqliteOptions {
  readonly busyTimeoutMs: number
  /** Whether a file that is not there is made. */
  readonly mayCreate: boolean
  /** Whether anything may be changed. Default `true`. */
  readonly mayWrite?: boolean
  /** Whether many rows will be written. Default `false`. */
  readonly isBulk?: boolean
}

/**
 * Opens an SQLite database.
 *
 * @param location A path, or `:memory:`.
 * @throws {StartupError} when it cannot be opened, or holds something else.
 */
export async function openSqlite(location: string, options: SqliteOptions): Promise<SqlDatabase> {
  requireNodeApi(process.versions)
  const path = location === ':memory:' ? location : resolve(location)
  if (path !== ':memory:') await prepareSqliteFile(path, options)
  try {
    return await openPrepared(path, options)
  } catch (error) {
    throw startupFailure(error, path)
  }
}

async function openPrepared(
  path: string,
  { busyTimeoutMs, mayWrite = true, isBulk = false }: SqliteOptions,
): Promise<SqlDatabase> {
  const connection = await connect(path)
  const driver = new SqliteDriver(connection, busyTimeoutMs)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(driver) })
  try {
    await configure(db, path)
    // Kept in the file: readers and the one writer do not wait for each other.
    const mode = mayWrite ? 'PRAGMA journal_mode = WAL' : 'PRAGMA query_only = ON'
    await db.executeQuery(CompiledQuery.raw(mode))
    if (isBulk) await execute(db, bulkSettings)
  } catch (error) {
    await driver.destroy()
    throw error
  }
  return {
    dialect: sqliteStatements,
    // One connection, one lock: nobody can be let past the others.
    db,
    reserved: db,
    unhurried: db,
    onEntriesElsewhere: () => () => {},
    connections: () => null,
    examine: () => examineSqlite(db),
    backUp: (copy, onProgress) => backUpSqlite(connection, resolve(copy), onProgress),
    startupFailure: (error) => startupFailure(error, path),
    // Not through Kysely: it would answer later calls with an error of its own.
    close: () => driver.destroy(),
  }
}

/** @param location A path, or `:memory:`: there never is anything yet. */
export function sqliteExists(location: string): boolean {
  return location !== ':memory:' && existsSync(location)
}

// Of the connection, not of the file.
const settings = [
  // An answer that says "done" must survive the loss of power.
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  // What a file brings along (views, triggers) may not call functions with side effects.
  'PRAGMA trusted_schema = OFF',
  'PRAGMA cell_size_check = ON',
]

// Keys are random: each transaction changes pages all over the indexes. They must fit into memory,
// and not be copied from the log into the file after every one.
const bulkSettings = [
  'PRAGMA cache_size = -131072',
  'PRAGMA wal_autocheckpoint = 20000',
  // How a statement of many rows is undone alone: pages as they were, by default in a file.
  'PRAGMA temp_store = MEMORY',
]

async function execute(db: Kysely<Tables>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await db.executeQuery(CompiledQuery.raw(statement))
}

async function configure(db: Kysely<Tables>, path: string): Promise<void> {
  await execute(db, settings)
  if (await isForeign({ dialect: sqliteStatements, db })) throw foreign(path)
}

async function connect(path: string): Promise<Database> {
  const { default: BetterSqlite } = await import('better-sqlite3')
  // No waiting inside SQLite: the driver waits, and leaves the event loop free.
  return new BetterSqlite(path, { timeout: 0 })
}

/**
 * better-sqlite3 needs Node-API 10 and crashes the process without a word below it.
 *
 * @throws {StartupError} on a Node that lacks it.
 *
 * @exportedForTest
 */
export function requireNodeApi({ node, napi }: { node: string; napi?: string }): void {
  if (Number(napi) >= 10) return
  throw new StartupError([
    `SQLite needs Node 22.18 or newer, and this is Node ${node}. Install a newer Node and start again.`,
  ])
}

function foreign(path: string): StartupError {
  return new StartupError([
    `The database ${path} belongs to another program: it has tables, but none of Countersign's. Give the path of another file.`,
  ])
}
