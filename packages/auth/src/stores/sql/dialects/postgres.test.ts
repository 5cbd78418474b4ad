import { describe, expect, test } from 'vitest'
import {
  anyTestServer,
  makeDatabase,
  runOn,
} from '../../../../../../tests/postgres-server/test-databases.ts'
import { StartupError } from '../../../base/startup-error.ts'
import { silentLogger } from '../../../ports/logger.ts'
import { sampleSession, sampleUser } from '../../../testing/contracts/samples.ts'
import { inspectSql, pendingSql } from '../inspect-sql.ts'
import { migrations } from '../migrations.ts'
import { migrateSql, openSqlStores } from '../open-sql-stores.ts'

const server = anyTestServer()
const open = (url: string, migrate = true) => openSqlStores({ url, log: silentLogger, migrate })

async function problemOf(opening: Promise<unknown>): Promise<string> {
  const error: unknown = await opening.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StartupError)
  const { problems } = error as StartupError
  expect(problems).toHaveLength(1)
  return problems[0] ?? ''
}

/** Another database at the same server, or another user. */
function changed(url: string, parts: { database?: string; user?: string; port?: string }): string {
  const made = new URL(url)
  if (parts.database) made.pathname = parts.database
  if (parts.user) made.username = parts.user
  if (parts.port) made.port = parts.port
  return made.href
}

describe('what cannot be used is said in words that help', () => {
  test('no server', async () => {
    const url = changed(await makeDatabase(server), { port: '1' })
    expect(await problemOf(open(url.replace('postgres@', 'me:hunter2@')))).toBe(
      'No PostgreSQL server answers at 127.0.0.1:1 (PostgreSQL: ECONNREFUSED). Start it, or correct DATABASE_URL.',
    )
  })

  test('no database', async () => {
    const url = changed(await makeDatabase(server), { database: 'nowhere' })
    expect(await problemOf(open(url))).toMatch(/has no database nowhere\. Make it with: createdb/)
  })

  test('no such user', async () => {
    const url = changed(await makeDatabase(server), { user: 'stranger' })
    expect(await problemOf(open(url))).toMatch(/does not let the user stranger in/)
  })

  test('an encoding that cannot hold every text', async () => {
    const url = await makeDatabase(server)
    await runOn(url, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    expect(await problemOf(open(changed(url, { database: 'latin' })))).toMatch(/LATIN1.*UTF8/)
  })

  test('a schema of another program', async () => {
    const url = await makeDatabase(server)
    await runOn(url, 'CREATE SCHEMA countersign CREATE TABLE theirs (id integer)')
    expect(await problemOf(open(url))).toMatch(/belongs to another program/)
  })

  test('a schema that is behind, when it may not be changed', async () => {
    expect(await problemOf(open(await makeDatabase(server), false))).toMatch(/countersign migrate/)
  })

  test('a URL that is none', async () => {
    expect(await problemOf(open('postgres://me:hunter2@[/x'))).toMatch(/is not understood/)
  })
})

test('a user without rights of their own works in a schema that was made for them', async () => {
  const url = await makeDatabase(server)
  await runOn(url, 'CREATE ROLE app LOGIN')
  const asApp = changed(url, { user: 'app' })
  expect(await problemOf(open(asApp))).toMatch(/CREATE SCHEMA countersign AUTHORIZATION app/)
  await runOn(url, 'CREATE SCHEMA countersign AUTHORIZATION app')
  const stores = await open(asApp)
  const ada = sampleUser('ada')
  await stores.users.create(ada)
  await stores.sessions.create(sampleSession('one', ada), 10)
  const place = await stores.revocations.position()
  await stores.sessions.end(sampleSession('one', ada).id, 'logout', 1000)
  expect((await stores.revocations.readAfter(place, 10))?.entries).toHaveLength(1)
  await stores.close()
})

test('tables of an application beside ours are not touched, whatever they are called', async () => {
  const url = await makeDatabase(server)
  await runOn(url, "CREATE TABLE users (id text); INSERT INTO users VALUES ('theirs')")
  const stores = await open(url)
  expect(await stores.users.list({ limit: 10 })).toEqual([])
  await stores.close()
  expect((await runOn(url, 'SELECT * FROM public.users')).rows).toEqual([{ id: 'theirs' }])
})

test('of many that start at once, one applies each step', async () => {
  const url = await makeDatabase(server)
  const applied = await Promise.all(
    Array.from({ length: 8 }, () => migrateSql({ url, log: silentLogger })),
  )
  expect(applied.flat().toSorted()).toEqual(migrations.map(({ name }) => name))
})

test('looking at a database changes nothing', async () => {
  const url = await makeDatabase(server)
  const options = { url, log: silentLogger }
  expect(await pendingSql(options)).toEqual(migrations.map(({ name }) => name))
  const before = await inspectSql(options)
  expect(before?.pendingSteps).toHaveLength(migrations.length)
  await before?.stores.close()
  await (await open(url)).close()
  const after = await inspectSql(options)
  expect(after).toMatchObject({ pendingSteps: [], damages: [], journalMode: null })
  expect(after?.sizeBytes).toBeGreaterThan(10_000)
  expect(after?.serverVersion).toMatch(/^\d\d/)
  await expect(after?.stores.users.create(sampleUser('ada'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
  await after?.stores.close()
})

test('settings in the URL do not undo ours', async () => {
  const url = await makeDatabase(server)
  const stores = await open(`${url}?options=-c%20search_path%3Dpublic&application_name=mine`)
  await stores.users.create(sampleUser('ada'))
  await stores.close()
  expect((await runOn(url, 'SELECT id FROM countersign.users')).rows).toHaveLength(1)
})

test('rotations are heap-only updates: no index grows with them', async () => {
  const url = await makeDatabase(server)
  const stores = await open(url)
  const ada = sampleUser('ada')
  await stores.users.create(ada)
  for (let n = 0; n < 50; n += 1) await stores.sessions.create(sampleSession(`s${n}`, ada), 100)
  for (let generation = 0; generation < 20; generation += 1) {
    for (let n = 0; n < 50; n += 1) {
      const { id, generations } = sampleSession(`s${n}`, ada)
      const rotated = await stores.sessions.rotate({
        sessionId: id,
        fromGeneration: generation,
        sessionVersion: 0,
        generations,
        lastUsedAt: 1000 + generation,
        expiresAt: 2000 + generation,
        ip: '192.0.2.1',
        userAgent: null,
      })
      expect(rotated).toBe(true)
    }
  }
  await stores.close()
  // A backend reports what it did when it ends.
  await expect
    .poll(async () => {
      const { rows } = await runOn(
        url,
        "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'sessions'",
      )
      const { n_tup_upd: all, n_tup_hot_upd: hot } = rows[0] as Record<string, string>
      return Number(all) >= 1000 && Number(hot) / Number(all)
    })
    .toBeGreaterThan(0.9)
})
