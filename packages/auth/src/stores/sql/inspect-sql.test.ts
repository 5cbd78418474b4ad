import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { silentLogger } from '../../ports/logger.ts'
import { sampleUser } from '../../testing/contracts/samples.ts'
import { inspectSql, pendingSql, type SqlInspection } from './inspect-sql.ts'
import { migrations } from './migrations.ts'
import { migrateSql, openSqlStores } from './open-sql-stores.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(folder, { recursive: true }))

let paths = 0
const freshPath = () => join(folder, `${++paths}`, 'c.db')
const optionsOf = (path: string) => ({ url: `sqlite:${path}`, log: silentLogger })
const stepNames = migrations.map(({ name }) => name)

async function pathOfDatabase(): Promise<string> {
  const path = freshPath()
  const stores = await openSqlStores(optionsOf(path))
  await stores.users.create(sampleUser('ada'))
  await stores.close()
  return path
}

async function inspect(path: string): Promise<SqlInspection> {
  const inspection = await inspectSql(optionsOf(path))
  if (!inspection) throw new Error('there is no database')
  return inspection
}

function change(path: string, statement: string): void {
  const database = new BetterSqlite(path)
  database.exec(statement)
  database.close()
}

test('where there is no database, none is made', async () => {
  const path = freshPath()
  expect(await inspectSql(optionsOf(path))).toBeNull()
  expect(existsSync(join(path, '..'))).toBe(false)
})

test('a good database is current, in WAL mode and undamaged', async () => {
  const path = await pathOfDatabase()
  const { stores, ...found } = await inspect(path)
  await stores.close()
  expect(found).toEqual({
    sizeBytes: statSync(path).size,
    journalMode: 'wal',
    serverVersion: null,
    damages: [],
    pendingSteps: [],
  })
})

test('the stores answer', async () => {
  const { stores } = await inspect(await pathOfDatabase())
  expect(await stores.users.list({ limit: 10 })).toHaveLength(1)
  await stores.close()
})

test('the stores refuse every change', async () => {
  const { stores } = await inspect(await pathOfDatabase())
  await expect(stores.users.create(sampleUser('bob'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
  await stores.close()
})

test('looking changes neither the file nor the folder', async () => {
  const path = await pathOfDatabase()
  change(path, 'PRAGMA journal_mode = DELETE')
  const before = readFileSync(path)
  const { stores, journalMode } = await inspect(path)
  await stores.close()
  expect(journalMode).toBe('delete')
  expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(join(path, '..'))).toEqual(['c.db'])
})

test('a database without a step says which', async () => {
  const path = await pathOfDatabase()
  change(path, 'DELETE FROM countersign_migrations')
  const { stores, pendingSteps } = await inspect(path)
  await stores.close()
  expect(pendingSteps).toEqual(stepNames)
})

test('a newer database is refused', async () => {
  const path = await pathOfDatabase()
  change(path, "INSERT INTO countersign_migrations VALUES ('9999-later')")
  await expect(inspectSql(optionsOf(path))).rejects.toThrow(/newer version .*9999-later/)
})

test('an orphan is damage', async () => {
  const path = await pathOfDatabase()
  change(
    path,
    "PRAGMA foreign_keys = OFF; INSERT INTO user_roles (user_id, role) VALUES ('usr_gone', 'admin')",
  )
  const { stores, damages } = await inspect(path)
  await stores.close()
  expect(damages).toEqual(['A row of user_roles belongs to a row that is not there.'])
})

test('an index that disagrees with its table is damage', async () => {
  const path = await pathOfDatabase()
  const database = new BetterSqlite(path)
  database.unsafeMode()
  database.pragma('writable_schema = ON')
  database.exec(`UPDATE sqlite_schema SET sql = replace(sql, '(created_at, id)', '(id, created_at)')
    WHERE name = 'users_by_creation'`)
  database.close()
  const { stores, damages } = await inspect(path)
  await stores.close()
  expect(damages.join()).toContain('users_by_creation')
})

test('before there is a database every step is to do', async () => {
  expect(await pendingSql(optionsOf(freshPath()))).toEqual(stepNames)
})

test('after migrating no step is to do', async () => {
  const path = freshPath()
  await migrateSql(optionsOf(path))
  expect(await pendingSql(optionsOf(path))).toEqual([])
})
