import { createHash } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { StartupError } from '../../base/startup-error.ts'
import type { SqlDatabase } from './database.ts'
import { migrateToLatest, pendingMigrations } from './migrate.ts'
import { type MovedTable, movedTables } from './move-tables.ts'
import { beforeServing, openDatabase, type SqlOptions } from './open-database.ts'
import type { Tables } from './tables.ts'

const batch = 1000
/** In the target's `installation` while a move is under way: the tables that are done. */
const progressName = 'move-progress'

/** How far a move has come. */
export interface MoveProgress {
  readonly table: string
  readonly rows: number
  readonly of: number
}

/** What was moved: rows by table. */
export type MoveReport = ReadonlyMap<string, number>

type Row = Record<string, unknown>
type AnyDatabase = Kysely<Record<string, Row>>

/**
 * Moves everything from one database to another, of whatever kind. While it lasts nothing can be
 * written to the first one, if that is SQLite. Table by table is compared at the end, row by row.
 *
 * A move that was interrupted goes on when it is called again.
 *
 * @throws {StartupError} when one of them cannot be used, the target holds something else, or what
 *   arrived is not what was sent.
 */
export async function moveDatabase(
  { from, to }: { readonly from: SqlOptions; readonly to: SqlOptions },
  onProgress: (progress: MoveProgress) => void,
): Promise<MoveReport> {
  const source = await openDatabase(from, { mayCreate: false })
  return await closing(source, async () => {
    await requireCurrent(source)
    const target = await openDatabase(to, { mayCreate: true })
    return await closing(target, async () => {
      await migrateToLatest(target)
      await requireRoom(target, await feedOf(source))
      return await source.unhurried
        .transaction()
        .execute((reading) => moveTables(anyOf(reading), anyOf(target.unhurried), onProgress))
    })
  })
}

async function closing<T>(database: SqlDatabase, work: () => Promise<T>): Promise<T> {
  const result = await beforeServing(database, work)
  await database.close()
  return result
}

async function requireCurrent(source: SqlDatabase): Promise<void> {
  const pending = await pendingMigrations(source)
  if (pending.length === 0) return
  throw new StartupError([
    'The database to move from is not up to date. Run `countersign migrate` on it first.',
  ])
}

/** Names an installation. */
async function feedOf({ db }: SqlDatabase): Promise<string> {
  return (await valueOf(db, 'feed-id')) ?? 'never started'
}

async function valueOf(db: Kysely<Tables>, name: string): Promise<string | null> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value ?? null
}

// The target is as a first migration leaves it, or holds part of a move of the same installation.
async function requireRoom({ db }: SqlDatabase, feed: string): Promise<void> {
  const progress = await valueOf(db, progressName)
  if (progress === feed) return
  const user = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
  const value = await db.selectFrom('installation').select('name').limit(1).executeTakeFirst()
  if (user || value) {
    throw new StartupError([
      'The database to move to is in use already. Give an empty one; nothing was changed.',
    ])
  }
  await db.insertInto('installation').values({ name: progressName, value: feed }).execute()
}

async function moveTables(
  source: AnyDatabase,
  target: AnyDatabase,
  onProgress: (progress: MoveProgress) => void,
): Promise<MoveReport> {
  const report = new Map<string, number>()
  for (const table of movedTables) {
    const of = await countRows(source, table)
    const tell = (rows: number) => onProgress({ table: table.name, rows, of })
    await moveTable({ source, target, tell }, table)
    report.set(table.name, of)
  }
  for (const table of movedTables) await requireEqual(source, target, table)
  await target.deleteFrom('installation').where('name', '=', progressName).execute()
  return report
}

interface Move {
  readonly source: AnyDatabase
  readonly target: AnyDatabase
  readonly tell: (rows: number) => void
}

async function moveTable({ source, target, tell }: Move, table: MovedTable): Promise<void> {
  const isNumbered = table.without?.includes(table.key[0] ?? '') === true
  // Rows without a name of their own, and those a first migration makes: all of them anew.
  const isAnew = isNumbered || ['roles', 'role_permissions', 'role_clock'].includes(table.name)
  if (isAnew) await target.deleteFrom(table.name).execute()
  let rows = isAnew ? 0 : await countRows(target, table)
  let last = isAnew ? null : await lastKey(target, table)
  tell(rows)
  for (;;) {
    const page = await readPage(source, table, last)
    const end = page.at(-1)
    if (!end) return
    await target
      .insertInto(table.name)
      .values(page.map((row) => withoutColumns(row, table)))
      .execute()
    last = table.key.map((column) => end[column])
    rows += page.length
    tell(rows)
  }
}

async function readPage(
  db: AnyDatabase,
  { name, key }: MovedTable,
  after: readonly unknown[] | null,
): Promise<Row[]> {
  let query = db.selectFrom(name).selectAll().limit(batch)
  for (const column of key) query = query.orderBy(column)
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      key.length === 1
        ? eb(String(key[0]), '>', after[0])
        : eb(refTuple(String(key[0]), String(key[1])), '>', tuple(after[0], after[1])),
    )
  }
  const rows = await query.execute()
  // Of the target, the move itself.
  return name === 'installation' ? rows.filter((row) => row['name'] !== progressName) : rows
}

async function lastKey(db: AnyDatabase, { name, key }: MovedTable): Promise<unknown[] | null> {
  let query = db
    .selectFrom(name)
    .select([...key])
    .limit(1)
  for (const column of key) query = query.orderBy(column, 'desc')
  if (name === 'installation') query = query.where('name', '<>', progressName)
  const row = await query.executeTakeFirst()
  return row ? key.map((column) => row[column]) : null
}

async function countRows(db: AnyDatabase, { name }: MovedTable): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) AS count FROM ${sql.table(name)}
  `.execute(db)
  const [{ count } = { count: 0 }] = rows
  if (name !== 'installation') return count
  const own = await db.selectFrom(name).select('name').where('name', '=', progressName).execute()
  return count - own.length
}

async function requireEqual(
  source: AnyDatabase,
  target: AnyDatabase,
  table: MovedTable,
): Promise<void> {
  const [sent, arrived] = [await digestOf(source, table), await digestOf(target, table)]
  if (sent === arrived) return
  throw new StartupError([
    `The table ${table.name} did not arrive as it was sent. Empty the target and start again; the database that was moved from is unchanged.`,
  ])
}

/** Of every row in order: each column by name, bytes as digits. */
async function digestOf(db: AnyDatabase, table: MovedTable): Promise<string> {
  const hash = createHash('sha256')
  for (let last: unknown[] | null = null; ; ) {
    const page = await readPage(db, table, last)
    for (const row of page) hash.update(`${rowText(withoutColumns(row, table))}\n`)
    const end = page.at(-1)
    if (!end) return hash.digest('hex')
    last = table.key.map((column) => end[column])
  }
}

function rowText(row: Row): string {
  const members = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  ])
  return JSON.stringify(members.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
}

function withoutColumns(row: Row, { without = [] }: MovedTable): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !without.includes(name)))
}

// Tables are named as data here; which columns they have is not the point.
function anyOf(db: Kysely<Tables>): AnyDatabase {
  return db as unknown as AnyDatabase
}
