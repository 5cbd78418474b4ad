import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite from 'better-sqlite3'
import { Kysely, sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { requireNodeApi } from './sqlite.ts'
import { SqliteDriver, sqliteDialect } from './sqlite-driver.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(folder, { recursive: true }))

interface NoteTables {
  notes: { id: number; text: string }
}

let files = 0

async function openNotes(busyTimeoutMs: number) {
  const path = join(folder, `${++files}.db`)
  const database = new BetterSqlite(path, { timeout: 0 })
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (id INTEGER, text TEXT) STRICT')
  const driver = new SqliteDriver(database, busyTimeoutMs)
  const db = new Kysely<NoteTables>({ dialect: sqliteDialect(driver) })
  const add = (id: number) => db.insertInto('notes').values({ id, text: 'secret' }).execute()
  const ids = async () =>
    (await db.selectFrom('notes').select('id').execute()).map((note) => note.id)
  return { path, database, driver, db, add, ids }
}

/** Another connection that holds the write lock. */
function holdLock(path: string): { release(): void } {
  const holder = new BetterSqlite(path)
  holder.exec('BEGIN IMMEDIATE')
  return { release: () => holder.close() }
}

test('a write waits for the lock without stopping the event loop', async () => {
  const { path, add, ids } = await openNotes(5000)
  const lock = holdLock(path)
  const adding = add(1)
  const startedMs = performance.now()
  for (let tick = 0; tick < 5; tick += 1) await sleep(5)
  const tookMs = performance.now() - startedMs
  lock.release()
  await adding
  // Waiting inside SQLite would have stopped it for the five seconds.
  expect(tookMs).toBeLessThan(4000)
  expect(await ids()).toEqual([1])
})

test('a lock that is held too long makes the database unavailable', async () => {
  const { path, add } = await openNotes(20)
  const lock = holdLock(path)
  await expect(add(1)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    detail: 'the database cannot answer: SQLITE_BUSY',
    retryAfterSeconds: 1,
  })
  lock.release()
  await add(2)
})

test('while the lock is held, those who wait do not pile up', async () => {
  const { path, add, ids } = await openNotes(50)
  const lock = holdLock(path)
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map(add))
  lock.release()
  const details = results.map((result) =>
    result.status === 'rejected' ? (result.reason as { detail: string }).detail : null,
  )
  expect(details[0]).toBe('the database cannot answer: SQLITE_BUSY')
  expect(details.slice(2)).toEqual(details.slice(2).fill('too many wait for the database'))
  expect(await ids()).toEqual([])
  await add(6)
  expect(await ids()).toEqual([6])
})

test('a transaction takes the lock when it begins', async () => {
  const { path, db } = await openNotes(0)
  const other = new BetterSqlite(path, { timeout: 0 })
  await db.transaction().execute(async (trx) => {
    await trx.selectFrom('notes').selectAll().execute()
    expect(() => other.exec("INSERT INTO notes VALUES (1, '')")).toThrow('locked')
  })
})

test('a statement of someone else does not slip into a transaction', async () => {
  const { db, add, ids } = await openNotes(5000)
  const failing = db.transaction().execute(async (trx) => {
    await trx.insertInto('notes').values({ id: 1, text: '' }).execute()
    await sleep(10)
    throw new Error('changed my mind')
  })
  const adding = add(2)
  await expect(failing).rejects.toThrow('changed my mind')
  await adding
  expect(await ids()).toEqual([2])
})

test('callers get their turn in the order they came', async () => {
  const { db, add, ids } = await openNotes(5000)
  const first = db.transaction().execute(async () => await sleep(10))
  await Promise.all([first, ...[1, 2, 3, 4].map(add)])
  expect(await ids()).toEqual([1, 2, 3, 4])
})

test('a caller that fails lets the next one through', async () => {
  const { db, add, ids } = await openNotes(5000)
  const failing = Array.from({ length: 3 }, () => sql`SELECT nonsense`.execute(db))
  const results = await Promise.allSettled([...failing, add(1)])
  expect(results.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(await ids()).toEqual([1])
})

test('a full disk makes the database unavailable, and it recovers', async () => {
  const { database, db, ids, add } = await openNotes(0)
  database.pragma('max_page_count = 3')
  const filling = db.transaction().execute(async (trx) => {
    for (let id = 1; id <= 100; id++) {
      await trx
        .insertInto('notes')
        .values({ id, text: 'x'.repeat(1000) })
        .execute()
    }
  })
  await expect(filling).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    detail: 'the database cannot answer: SQLITE_FULL',
  })
  expect(await ids()).toEqual([])
  database.pragma('max_page_count = 1000')
  await add(1)
  expect(await ids()).toEqual([1])
})

test('a read-only database is unavailable for writing', async () => {
  const { database, add } = await openNotes(0)
  database.pragma('query_only = ON')
  await expect(add(1)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    detail: 'the database cannot answer: SQLITE_READONLY',
  })
})

test('no error holds a value of the statement', async () => {
  const { path, add } = await openNotes(0)
  const lock = holdLock(path)
  const error: unknown = await add(1).catch((reason: unknown) => reason)
  lock.release()
  const texts = [error, (error as Error).cause].map((each) =>
    JSON.stringify(each, Object.getOwnPropertyNames(each)),
  )
  expect(texts.join()).not.toContain('secret')
})

test('a mistake in a statement stays what it is', async () => {
  const { db } = await openNotes(0)
  await expect(sql`SELECT nonsense`.execute(db)).rejects.toMatchObject({ code: 'SQLITE_ERROR' })
})

test('closing waits for what was begun, and refuses what comes later', async () => {
  const { db, driver, add, ids, database } = await openNotes(5000)
  await ids()
  const begun = db.transaction().execute(async (trx) => {
    await sleep(10)
    await trx.insertInto('notes').values({ id: 1, text: '' }).execute()
  })
  const closing = driver.destroy()
  await expect(add(2)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await Promise.all([begun, closing])
  expect(database.open).toBe(false)
})

test.each([undefined, '9'])('a Node with Node-API %s is refused before it crashes', (napi) => {
  const versions = { node: '20.20.2', ...(napi && { napi }) }
  expect(() => requireNodeApi(versions)).toThrow(/needs Node 22.* this is Node 20\.20\.2/)
})

test.each(['10', '11'])('a Node with Node-API %s will do', (napi) => {
  expect(() => requireNodeApi({ node: '24.0.0', napi })).not.toThrow()
})
