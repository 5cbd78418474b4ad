import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { StartupError } from '../../base/startup-error.ts'
import type { SqlDatabase } from './database.ts'
import { openSqlite } from './dialects/sqlite.ts'
import { isForeign, isSchemaCurrent, migrateToLatest, pendingMigrations } from './migrate.ts'
import { migrations } from './migrations.ts'

const openMemory = () => openSqlite(':memory:', { busyTimeoutMs: 0, mayCreate: true })

const next = {
  name: '0002-next',
  sqlite: ['CREATE TABLE next (id INTEGER) STRICT'],
  postgresql: [],
}

async function tableNames({ db }: SqlDatabase): Promise<string[]> {
  return (await db.introspection.getTables()).map(({ name }) => name)
}

test('an empty database needs every step', async () => {
  expect(await pendingMigrations(await openMemory())).toEqual(migrations)
})

test('looking for steps changes nothing', async () => {
  const database = await openMemory()
  await pendingMigrations(database)
  expect(await tableNames(database)).toEqual([])
})

test('migrating tells which steps were applied', async () => {
  const database = await openMemory()
  expect(await migrateToLatest(database)).toEqual(migrations.map(({ name }) => name))
  expect(await pendingMigrations(database)).toEqual([])
})

test('migrating again does nothing', async () => {
  const database = await openMemory()
  await migrateToLatest(database)
  expect(await migrateToLatest(database)).toEqual([])
})

test('of two that migrate one file at once, one applies each step', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-'))
  const open = () => openSqlite(join(folder, 'c.db'), { busyTimeoutMs: 5000, mayCreate: true })
  const both = [await open(), await open()]
  const applied = await Promise.all(both.map((database) => migrateToLatest(database)))
  expect(applied.flat()).toEqual(migrations.map(({ name }) => name))
  for (const database of both) await database.close()
  await rm(folder, { recursive: true })
})

test('only the steps that are missing are applied', async () => {
  const database = await openMemory()
  await migrateToLatest(database)
  expect(await migrateToLatest(database, [...migrations, next])).toEqual(['0002-next'])
})

test('a step that fails half-way leaves nothing', async () => {
  const database = await openMemory()
  const broken = {
    ...next,
    name: '0002-broken',
    sqlite: [...next.sqlite, 'INSERT INTO nowhere VALUES (1)'],
  }
  await expect(migrateToLatest(database, [...migrations, broken])).rejects.toThrow('nowhere')
  expect(await tableNames(database)).not.toContain('next')
  expect(await isSchemaCurrent(database)).toBe(true)
})

test('a database with steps this code does not know is refused', async () => {
  const database = await openMemory()
  await migrateToLatest(database, [...migrations, next])
  await expect(migrateToLatest(database)).rejects.toThrow(StartupError)
  await expect(migrateToLatest(database)).rejects.toThrow(/newer version .*0002-next/)
})

test('a schema is current with more steps than known, and not with fewer', async () => {
  const database = await openMemory()
  await migrateToLatest(database, [...migrations, next])
  expect(await isSchemaCurrent(database)).toBe(true)
  await sql`DELETE FROM countersign_migrations WHERE name LIKE '0001-%'`.execute(database.db)
  expect(await isSchemaCurrent(database)).toBe(false)
})

test('a database is foreign if it has tables, but not ours', async () => {
  const database = await openMemory()
  expect(await isForeign(database)).toBe(false)
  await sql`CREATE TABLE albums (id INTEGER)`.execute(database.db)
  expect(await isForeign(database)).toBe(true)
})

test('our own database is not foreign', async () => {
  const database = await openMemory()
  await migrateToLatest(database)
  expect(await isForeign(database)).toBe(false)
})
