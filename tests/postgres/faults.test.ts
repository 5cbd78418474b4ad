import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Stores } from '../../packages/auth/src/model/stores.ts'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { openSqlStores } from '../../packages/auth/src/stores/sql/open-sql-stores.ts'
import {
  sampleRotation,
  sampleSession,
  sampleUser,
} from '../../packages/auth/src/testing/contracts/samples.ts'
import { openProxy, type Proxy } from '../chaos/proxy.ts'
import { findPostgres } from '../postgres-server/find-servers.ts'
import { type PostgresServer, startPostgres } from '../postgres-server/postgres-server.ts'

// A server of its own, which is stopped, crashed, cut off and locked up: whatever happens, the
// stores say UNAVAILABLE in time, and go on when it is over.

const timeoutMs = 700
const unavailable = { name: 'AuthError', code: 'UNAVAILABLE' }
const ada = sampleUser('ada')
const session = sampleSession('one', ada)

let folder: string
let server: PostgresServer
let proxy: Proxy
let stores: Stores

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-faults-'))
  chmodSync(folder, 0o755)
  const [programs] = await findPostgres(folder)
  if (!programs) throw new Error('There is no PostgreSQL.')
  server = await startPostgres(programs, { folder: join(folder, 'one') })
  proxy = await openProxy(`http://127.0.0.1:${server.port}`)
  stores = await openThrough(proxy)
  await stores.users.create(ada)
  await stores.sessions.create(session, 10)
})

afterAll(async () => {
  await stores.close()
  await proxy.close()
  await server.stop('immediate')
  rmSync(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  await expect
    .poll(() => stores.check().catch(String), { timeout: 10_000 })
    .toEqual({ isCurrent: true })
})

function openThrough({ url }: Proxy): Promise<Stores> {
  const { port } = new URL(url)
  const database = `postgres://postgres@127.0.0.1:${port}/postgres`
  return openSqlStores({ url: database, log: silentLogger, busyTimeoutMs: timeoutMs, poolSize: 4 })
}

/** One of each kind of call. */
const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  'a read': () => stores.users.find(ada.id),
  'a refresh': () => stores.sessions.findWithUser(session.id),
  'a rotation': () => stores.sessions.rotate(sampleRotation(session)),
  'a transaction': () => stores.users.create(sampleUser('bob')),
  'a revocation': () => stores.sessions.end(session.id, 'logout', 2000),
  'a read of the ledger': () => stores.revocations.position(),
  'the check': () => stores.check(),
}

async function expectAllUnavailable(): Promise<void> {
  const startedAt = performance.now()
  const results = await Promise.allSettled(Object.values(calls).map((call) => call()))
  const failures = results.map((result) => (result.status === 'rejected' ? result.reason : null))
  expect(failures).toMatchObject(Object.keys(calls).map(() => unavailable))
  // For a connection, and for an answer, with some for a slow machine.
  expect(performance.now() - startedAt).toBeLessThan(2 * timeoutMs + 1000 + 1500)
}

test('a server that is not there: everything is unavailable, until it is back', async () => {
  await server.stop('fast')
  await expectAllUnavailable()
  await server.start()
  await expect.poll(() => stores.users.find(ada.id).catch(() => null)).toMatchObject({ id: ada.id })
})

test('a server that crashes in a transaction: nothing of it is said to be done', async () => {
  const url = server.url('postgres')
  const holder = await lock(url, 'countersign.user_roles')
  const creating = stores.users.create(sampleUser('carl', { roles: ['admin'] }))
  const ended = expect(creating).rejects.toMatchObject(unavailable)
  await server.stop('immediate')
  await ended
  await holder.end().catch(() => {})
  await server.start()
  await expect
    .poll(() => stores.check().catch(String), { timeout: 10_000 })
    .toEqual({ isCurrent: true })
  expect(await stores.users.findByEmailKey('carl@example.com')).toBeNull()
})

test.each(['cut', 'silent'] as const)('a network that is %s: no call hangs', async (weather) => {
  proxy.set(weather)
  await expectAllUnavailable()
  proxy.set('clear')
  await expect.poll(() => stores.users.find(ada.id).catch(() => null)).toMatchObject({ id: ada.id })
})

test('a table that somebody locks: calls that need it give up, and others go on', async () => {
  const holder = await lock(server.url('postgres'), 'countersign.users')
  await expect(stores.users.find(ada.id)).rejects.toMatchObject(unavailable)
  expect(await stores.sessions.find(session.id)).toMatchObject({ id: session.id })
  await holder.end()
  expect(await stores.users.find(ada.id)).toMatchObject({ id: ada.id })
})

test('when lists take all connections that they may have, a refresh gets through', async () => {
  const holder = await lock(server.url('postgres'), 'countersign.users')
  const lists = Array.from({ length: 30 }, () => stores.users.list({ limit: 10 }))
  const settled = Promise.allSettled(lists)
  expect(await stores.sessions.find(session.id)).toMatchObject({ id: session.id })
  expect(await stores.revocations.position()).toMatch(/^\d/)
  await holder.end()
  // The first have their turn, and who waited too long was told.
  const outcomes = (await settled).map(({ status }) => status)
  expect(outcomes).toContain('fulfilled')
})

test('a connection that an operator ends is replaced', async () => {
  const client = await connect(server.url('postgres'))
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign'",
  )
  await client.end()
  await expect.poll(() => stores.users.find(ada.id).catch(() => null)).toMatchObject({ id: ada.id })
})

test('no error holds a value of its statement', async () => {
  const secret = 'somebody@example.com'
  const taken = sampleUser('dora', { id: ada.id, email: secret, emailKey: secret })
  const error: unknown = await stores.users.create(taken).catch((reason: unknown) => reason)
  const texts = [error, (error as Error).cause].map((each) =>
    JSON.stringify(each, Object.getOwnPropertyNames(each ?? {})),
  )
  expect(texts.join()).not.toContain(secret)
})

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  // It goes with its server.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Keeps a table from everybody until the connection ends. */
async function lock(url: string, table: string): Promise<pg.Client> {
  const client = await connect(url)
  await client.query('BEGIN')
  await client.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
  return client
}
