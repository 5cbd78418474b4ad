import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openDeps } from '../../app/open-deps.ts'
import { sampleUser } from '../../testing/contracts/samples.ts'
import { fakeClock } from '../../testing/fake-clock.ts'
import { fakeRandom } from '../../testing/fake-random.ts'
import { readConfiguration } from './configuration.ts'
import { examineStored } from './stored.ts'

const root = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(root, { recursive: true }))

const ports = { clock: fakeClock(), random: fakeRandom() }
let folder = ''
let path = ''

// A database that a server has used, with an administrator.
beforeEach(async () => {
  folder = mkdtempSync(join(root, 'used-'))
  path = join(folder, 'c.db')
  const deps = await openDeps({ database: `sqlite:${path}`, ports })
  await deps.stores.users.create(sampleUser('ada', { roles: ['admin'] }))
  await deps.stores.close()
})

function examine(environment: Readonly<Record<string, string>> = {}) {
  return examineStored(ports, readConfiguration({ DATABASE_URL: `sqlite:${path}`, ...environment }))
}

function change(statement: string): void {
  const database = new BetterSqlite(path)
  database.exec(statement)
  database.close()
}

const secretPath = () => join(folder, 'c.secret')

test('of a good installation nothing is found', async () => {
  expect(await examine()).toEqual({
    database: {
      sizeBytes: expect.any(Number),
      journalMode: 'wal',
      serverVersion: null,
      pendingSteps: [],
    },
    keys: [expect.objectContaining({ stage: 'signing', algorithm: 'ES256' })],
    findings: [],
  })
})

test('a database that is not there is not made', async () => {
  const missing = join(root, 'missing', 'c.db')
  const { findings, database } = await examine({ DATABASE_URL: `sqlite:${missing}` })
  expect(findings).toMatchObject([{ level: 'warning', about: 'database' }])
  expect(database).toBeNull()
  expect(existsSync(join(root, 'missing'))).toBe(false)
})

test.each([
  ['a step of the schema', 'DELETE FROM countersign_migrations'],
  ['the first start', 'DELETE FROM installation; DELETE FROM signing_keys'],
])('with %s still to do, looking changes nothing', async (_what, statement) => {
  change(statement)
  rmSync(secretPath())
  const before = readFileSync(path)
  await examine({ SIGNING_ALG: 'EdDSA' })
  expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(folder)).toEqual(['c.db'])
})

test('a rotation that is due is not begun', async () => {
  const before = readFileSync(path)
  await examine({ SIGNING_ALG: 'EdDSA' })
  expect(readFileSync(path)).toEqual(before)
})

test('a secret that is being changed is not sealed under', async () => {
  const before = readFileSync(path)
  const previous = readFileSync(secretPath(), 'utf8').trim()
  const current = Buffer.from(fakeRandom('other').bytes(32)).toString('hex')
  const environment = { COUNTERSIGN_SECRET: current, COUNTERSIGN_SECRET_PREVIOUS: previous }
  expect((await examine(environment)).findings).toEqual([])
  expect(readFileSync(path)).toEqual(before)
})

test.each([
  ['database', 'warning', 'is not up to date', () => change('DELETE FROM countersign_migrations')],
  [
    'database',
    'error',
    'newer version',
    () => change("INSERT INTO countersign_migrations VALUES ('9')"),
  ],
  ['database', 'warning', 'journal mode delete', () => change('PRAGMA journal_mode = DELETE')],
  ['database', 'warning', 'Nobody is an administrator', () => change('DELETE FROM users')],
  ['database', 'warning', 'open to every user', () => chmodSync(path, 0o604)],
  [
    'database',
    'error',
    'is damaged',
    () => change("PRAGMA foreign_keys = 0; DELETE FROM roles WHERE name = 'admin'"),
  ],
  ['database', 'error', 'not an SQLite database', () => writeFileSync(path, 'x'.repeat(4096))],
  ['COUNTERSIGN_SECRET', 'error', 'open to every user', () => chmodSync(secretPath(), 0o604)],
  ['COUNTERSIGN_SECRET', 'warning', 'readable by its group', () => chmodSync(secretPath(), 0o640)],
  ['COUNTERSIGN_SECRET', 'error', 'is missing', () => rmSync(secretPath())],
  ['COUNTERSIGN_SECRET', 'error', 'openssl rand', () => writeFileSync(secretPath(), 'short')],
  [
    'COUNTERSIGN_SECRET',
    'error',
    'does not belong to this database',
    () => writeFileSync(secretPath(), Buffer.from(fakeRandom('x').bytes(32)).toString('hex')),
  ],
  ['keys', 'error', 'cannot be opened', () => change("UPDATE signing_keys SET kid = 'another'")],
])('about %s, an %s: %s', async (about, level, message, spoil) => {
  spoil()
  const { findings } = await examine()
  expect(findings).toContainEqual({ level, about, message: expect.stringContaining(message) })
})

test('whoever has been told nothing of the options learns of the database all the same', async () => {
  const { findings, database } = await examine({ PASSWORD_MIN_LENGTH: '4' })
  expect(database).not.toBeNull()
  expect(findings).toEqual([])
})

test('of a database in memory there is nothing to see', async () => {
  expect(await examine({ DATABASE_URL: 'sqlite::memory:' })).toEqual({
    database: null,
    keys: [],
    findings: [],
  })
})
