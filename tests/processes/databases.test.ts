import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { beforeAll, expect, test } from 'vitest'
import { login, register } from './client.ts'
import { createSandbox, type Environment } from './sandbox.ts'

// A database that cannot be used is one line on standard error, and stays as it is, byte for
// byte, with everything beside it.

const sandbox = createSandbox()
const original = join(sandbox.folder, 'original')
const ada = { email: 'ada@example.com', password: 'correct horse battery' }

beforeAll(async () => {
  const server = await sandbox.serve(at(original))
  await register(server, ada)
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(readdirSync(original)).toEqual(['c.db', 'c.secret'])
})

function at(folder: string): { DATABASE_URL: string } {
  return { DATABASE_URL: `sqlite:${join(folder, 'c.db')}` }
}

interface Copy {
  readonly folder: string
  readonly database: string
  readonly secret: string
}

/** The database of a server that ran before, with its secret, in a folder of its own. */
function copyOriginal(name: string): Copy {
  const folder = join(sandbox.folder, name.replaceAll(' ', '-'))
  cpSync(original, folder, { recursive: true })
  return { folder, database: join(folder, 'c.db'), secret: join(folder, 'c.secret') }
}

/** Every file of a folder: name, mode and what it holds. */
function snapshot(folder: string): string[] {
  return readdirSync(folder).map((name) => {
    const path = join(folder, name)
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex')
    return `${name} ${(statSync(path).mode & 0o777).toString(8)} ${hash}`
  })
}

interface Fault {
  readonly what: string
  readonly spoil: (copy: Copy) => void
  readonly says: RegExp
  readonly environment?: (copy: Copy) => Environment
}

const faults: readonly Fault[] = [
  {
    what: 'a database cut short',
    spoil: ({ database }) => truncateSync(database, statSync(database).size / 2),
    says: /c\.db is damaged\. Restore it from a backup/,
  },
  {
    what: 'a database with noise in the place of its tables',
    spoil: ({ database }) => overwriteAllButFirstPage(database),
    says: /c\.db is damaged\. Restore it from a backup/,
  },
  {
    what: 'a file that is no SQLite database',
    spoil: ({ database }) => writeFileSync(database, 'Dear diary, '.repeat(1000)),
    says: /c\.db is not an SQLite database\. Give the path of another file/,
  },
  {
    what: 'the database of another program',
    spoil: ({ database }) => {
      rmSync(database)
      edit(database, 'CREATE TABLE notes (text)')
    },
    says: /c\.db belongs to another program.+Give the path of another file/,
  },
  {
    what: 'a folder',
    spoil: () => {},
    environment: ({ folder }) => ({ DATABASE_URL: `sqlite:${folder}` }),
    says: /is not a file\. Give the path of a file/,
  },
  {
    what: 'a database of a newer version',
    spoil: ({ database }) => edit(database, `INSERT INTO countersign_migrations VALUES ('9999-x')`),
    says: /made by a newer version of Countersign \(9999-x is unknown.+Start that version again/,
  },
  {
    what: 'a used database without its secret file',
    spoil: ({ secret }) => rmSync(secret),
    says: /c\.secret is missing, and this database needs it\. Restore the file/,
  },
  {
    what: 'the secret of another database',
    spoil: () => {},
    environment: () => ({ COUNTERSIGN_SECRET: '3f9a'.padEnd(64, '71c04be2d95a8f36') }),
    says: /COUNTERSIGN_SECRET does not belong to this database.+Start with that one/,
  },
  {
    what: 'a secret file that all users can read',
    spoil: ({ secret }) => chmodSync(secret, 0o644),
    says: /c\.secret is open to every user of this machine\. Run: chmod 600 /,
  },
  {
    what: 'a secret file that holds no secret',
    spoil: ({ secret }) => writeFileSync(secret, 'changeme\n'),
    says: /c\.secret holds \d bytes and needs 32 or more\. Make one with: openssl/,
  },
]

function overwriteAllButFirstPage(path: string): void {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill('noise', 4096))
}

function edit(path: string, statement: string): void {
  const database = new BetterSqlite(path)
  database.exec(statement)
  database.close()
}

test.concurrent.each(faults)('refused, and left as it is: $what', async (fault) => {
  const copy = copyOriginal(fault.what)
  fault.spoil(copy)
  const before = snapshot(copy.folder)
  const environment = { ...at(copy.folder), ...fault.environment?.(copy) }
  const { code, stdout, stderr } = await sandbox.run({ environment })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^error: [^\n]+\n$/)
  expect(stderr).toMatch(fault.says)
  expect(snapshot(copy.folder)).toEqual(before)
})

const modes: readonly (readonly [what: string, protect: (copy: Copy) => void, says: RegExp])[] = [
  [
    'a database that may not be written',
    ({ database }) => chmodSync(database, 0o400),
    /c\.db to be writable, and it is not \(EACCES\)\. Change its mode or owner/,
  ],
  [
    'a folder that may not be written',
    ({ folder }) => chmodSync(folder, 0o500),
    /to be writable, and it is not \(EACCES\)\. Change its mode or owner/,
  ],
  [
    'a secret file that may not be read',
    ({ secret }) => chmodSync(secret, 0),
    /c\.secret cannot be used \(EACCES\)\. Mend that or set COUNTERSIGN_SECRET/,
  ],
]

test.concurrent.each(modes)('refused, and left as it is: %s', async (what, protect, says) => {
  const copy = copyOriginal(what)
  const content = snapshot(copy.folder).map((line) => line.split(' ').at(-1))
  protect(copy)
  const { code, stderr } = await sandbox.run({ environment: at(copy.folder), obeysModes: true })
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(says) })
  expect(stderr).toMatch(/^error: [^\n]+\n$/)
  for (const path of [copy.folder, copy.database, copy.secret]) chmodSync(path, 0o700)
  expect(snapshot(copy.folder).map((line) => line.split(' ').at(-1))).toEqual(content)
})

test.concurrent('refused, and left as it is: a database that another program has for itself', async () => {
  const copy = copyOriginal('locked')
  const before = snapshot(copy.folder)
  const holder = new BetterSqlite(copy.database)
  holder.pragma('locking_mode = EXCLUSIVE')
  holder.exec('BEGIN EXCLUSIVE')
  const { code, stderr } = await sandbox.run({ environment: at(copy.folder) })
  holder.exec('ROLLBACK')
  holder.close()
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: .+c\.db is locked by another process\. Stop [^\n]+\n$/)
  expect(snapshot(copy.folder)).toEqual(before)
})

test.concurrent('while another program writes for long, nobody is told a lie; then all goes on', async () => {
  const copy = copyOriginal('held')
  const holder = new BetterSqlite(copy.database)
  holder.exec('BEGIN EXCLUSIVE')
  const server = await sandbox.serve(at(copy.folder))
  const refusal = await login(server, ada)
  expect(refusal).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
  holder.exec('ROLLBACK')
  holder.close()
  expect(await login(server, ada)).toMatchObject({ status: 200 })
})

test.concurrent('what was refused serves once it is set right', async () => {
  const copy = copyOriginal('mended')
  const wrong = { COUNTERSIGN_SECRET: '3f9a'.padEnd(64, '71c04be2d95a8f36') }
  const refused = await sandbox.run({ environment: { ...at(copy.folder), ...wrong } })
  expect(refused.code).toBe(1)
  const server = await sandbox.serve(at(copy.folder))
  expect(await login(server, ada)).toMatchObject({ status: 200 })
})
