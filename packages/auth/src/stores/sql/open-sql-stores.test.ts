import {
  existsSync,
  mkdtempSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { StartupError } from '../../base/startup-error.ts'
import { type Logger, silentLogger } from '../../ports/logger.ts'
import { sampleUser } from '../../testing/contracts/samples.ts'
import { migrations } from './migrations.ts'
import { migrateSql, openSqlStores } from './open-sql-stores.ts'

const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(folder, { recursive: true }))

let paths = 0
const freshPath = () => join(folder, `${++paths}.db`)
const open = (path: string, options: { migrate?: boolean } = {}) =>
  openSqlStores({ url: `sqlite:${path}`, log: silentLogger, busyTimeoutMs: 50, ...options })

async function pathOfDatabase(): Promise<string> {
  const path = freshPath()
  const stores = await open(path)
  for (let index = 0; index < 100; index++) await stores.users.create(sampleUser(`u${index}`))
  await stores.close()
  return path
}

async function expectProblem(opening: Promise<unknown>, text: string | RegExp): Promise<void> {
  const error: unknown = await opening.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartupError)
  const { problems } = error as StartupError
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(text)
  expect(problems[0]).not.toContain('\n')
}

describe('a new database', () => {
  test('is made with its folders, for this user alone', async () => {
    const path = join(folder, 'deep', 'down', 'c.db')
    await (await open(path)).close()
    const mode = (each: string) => statSync(each).mode & 0o777
    expect([mode(path), mode(join(path, '..')), mode(join(path, '../..'))]).toEqual([
      0o600, 0o700, 0o700,
    ])
  })

  test('has journal files for this user alone', async () => {
    const path = freshPath()
    const stores = await open(path)
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600)
    await stores.close()
  })

  test('keeps what was stored when it is opened again', async () => {
    const path = await pathOfDatabase()
    const stores = await open(path)
    expect(await stores.users.find(sampleUser('u7').id)).toEqual(sampleUser('u7'))
    await stores.close()
  })

  test('is one file after it is closed', async () => {
    const path = await pathOfDatabase()
    expect([existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([false, false])
  })

  test('the steps that were applied are logged', async () => {
    const lines: unknown[] = []
    const log: Logger = { ...silentLogger, info: (fields, message) => lines.push(fields, message) }
    const stores = await openSqlStores({ url: 'sqlite::memory:', log })
    await stores.close()
    expect(lines).toEqual([
      { steps: migrations.map(({ name }) => name) },
      'database schema brought up to date',
    ])
  })
})

describe('without leave to migrate', () => {
  test('a database that is up to date is opened', async () => {
    await (await open(await pathOfDatabase(), { migrate: false })).close()
  })

  test('no file is made', async () => {
    const path = freshPath()
    await expectProblem(open(path, { migrate: false }), 'countersign migrate')
    expect(existsSync(path)).toBe(false)
  })

  test('a database that is behind is refused', async () => {
    await expectProblem(open(':memory:', { migrate: false }), /0001-.*countersign migrate/)
  })
})

test('migrating alone tells the steps and makes the database ready', async () => {
  const path = freshPath()
  const options = { url: `sqlite:${path}`, log: silentLogger }
  expect(await migrateSql(options)).toEqual(migrations.map(({ name }) => name))
  expect(await migrateSql(options)).toEqual([])
  await (await open(path, { migrate: false })).close()
})

test.each([
  '',
  'sqlite:',
  'sqlite: ',
  './c.db',
  'mysql://me:hunter2@db/x',
  'file:c.db',
  'postgres:x',
])('the URL %j is not understood, and not repeated', async (url) => {
  const opening = openSqlStores({ url, log: silentLogger })
  await expectProblem(
    opening,
    /^The database URL is not understood\. Use sqlite:<path> or postgres:\/\/…\.$/,
  )
})

describe('a path that is no database', () => {
  test('may not be a folder', async () => {
    const path = freshPath()
    await mkdir(path)
    await expectProblem(open(path), /is not a file/)
  })

  test('may not lead through a file', async () => {
    const path = freshPath()
    writeFileSync(path, 'x')
    await expectProblem(open(join(path, 'c.db')), /cannot be made \(E/)
  })

  test.each(['x', 'x'.repeat(511), 'not a database, but long enough '.repeat(300)])(
    'may not hold text',
    async (text) => {
      const path = freshPath()
      writeFileSync(path, text)
      await expectProblem(open(path), 'is not an SQLite database')
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  test('may not be the database of another program', async () => {
    const path = freshPath()
    const other = new BetterSqlite(path)
    other.exec('CREATE TABLE users (id INTEGER)')
    other.close()
    const before = readFileSync(path)
    await expectProblem(open(path), 'belongs to another program')
    expect(readFileSync(path)).toEqual(before)
  })
})

describe('a database that must not be touched', () => {
  test('may have been made by a newer version', async () => {
    const path = await pathOfDatabase()
    const newer = new BetterSqlite(path)
    newer.exec("INSERT INTO countersign_migrations VALUES ('0099-later')")
    newer.close()
    const before = readFileSync(path)
    await expectProblem(open(path), /newer version .*0099-later/)
    expect(readFileSync(path)).toEqual(before)
  })

  test('may have lost its end', async () => {
    const path = await pathOfDatabase()
    truncateSync(path, statSync(path).size - 4096)
    const before = readFileSync(path)
    await expectProblem(open(path), 'is damaged')
    expect(readFileSync(path)).toEqual(before)
  })

  test('may have a damaged schema', async () => {
    const path = await pathOfDatabase()
    const bytes = readFileSync(path).fill(0xff, 100, 4096)
    writeFileSync(path, bytes)
    await expectProblem(open(path), 'is damaged')
    expect(readFileSync(path)).toEqual(bytes)
  })

  test('may be locked by another program', async () => {
    const path = await pathOfDatabase()
    const holder = new BetterSqlite(path)
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT')
    await expectProblem(open(path), 'is locked by another process')
    holder.close()
    await (await open(path)).close()
  })

  test('may be locked by another program before it is made', async () => {
    const path = freshPath()
    const holder = new BetterSqlite(path)
    holder.exec('BEGIN EXCLUSIVE')
    await expectProblem(open(path), 'is locked by another process')
    holder.close()
  })
})

test('the check passes while a newer version takes over, and fails on an older schema', async () => {
  const path = freshPath()
  const stores = await open(path)
  const other = new BetterSqlite(path)
  other.exec("INSERT INTO countersign_migrations VALUES ('0099-later')")
  expect(await stores.check()).toEqual({ isCurrent: true })
  other.exec("DELETE FROM countersign_migrations WHERE name LIKE '0002-%'")
  expect(await stores.check()).toEqual({ isCurrent: false })
  other.exec('DROP TABLE countersign_migrations')
  other.close()
  expect(await stores.check()).toEqual({ isCurrent: false })
  await stores.close()
})
