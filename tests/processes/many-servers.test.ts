import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { beforeAll, expect, inject, test } from 'vitest'
import { anyTestServer, makeDatabase, runOn } from '../postgres-server/test-databases.ts'
import { call, callAs, login, post, refresh, register, signIn, type Tokens } from './client.ts'
import { createSandbox, type Environment, type Server } from './sandbox.ts'

// Eight servers that start at once on one database with nothing in it.

const sandbox = createSandbox()
const store = inject('store')
const environment: Environment = {
  RATE_LIMITS: 'off',
  ...(store === 'postgres' && {
    DATABASE_URL: await makeDatabase(anyTestServer()),
    DATABASE_POOL_SIZE: '5',
    COUNTERSIGN_SECRET: randomBytes(32).toString('hex'),
  }),
}
const root = { email: 'root@example.com', password: 'correct horse battery' }
let servers: [Server, Server, ...Server[]]

beforeAll(async () => {
  const start = () => sandbox.serve(environment)
  const more = Array.from({ length: 6 }, start)
  servers = [...(await Promise.all([start(), start()])), ...(await Promise.all(more))]
  const args = ['users', 'create', '--email', root.email, '--role', 'admin']
  expect(await sandbox.run({ environment, args, input: root.password })).toMatchObject({
    code: 0,
    stderr: '',
  })
})

const onAll = <T>(work: (server: Server) => Promise<T>) => Promise.all(servers.map(work))
const each = <T>(value: T) => servers.map(() => value)

let users = 0
const newUser = () => ({ email: `user${++users}@example.com`, password: 'a password of theirs' })

async function publishedKids(server: Server): Promise<string[]> {
  const { body } = await call(server, '/.well-known/jwks.json')
  const { keys } = body as { keys?: { kid: string }[] }
  return keys?.map(({ kid }) => kid) ?? []
}

test('they have one signing key, and applied each step of the schema once', async () => {
  const published = await onAll(publishedKids)
  expect(published).toEqual(each([expect.any(String)]))
  expect(new Set(published.flat()).size).toBe(1)

  const steps = store === 'sqlite' ? stepsInFile() : await stepsInPostgres()
  expect(new Set(steps).size).toBe(steps.length)
  expect(steps.length).toBeGreaterThan(0)
})

function stepsInFile(): unknown[] {
  const database = new BetterSqlite(join(sandbox.folder, 'countersign.db'), { readonly: true })
  const steps = database.prepare('SELECT name FROM countersign_migrations').pluck().all()
  database.close()
  return steps
}

async function stepsInPostgres(): Promise<unknown[]> {
  const url = environment['DATABASE_URL'] ?? ''
  const { rows } = await runOn(url, 'SELECT name FROM countersign.countersign_migrations')
  return rows.map(({ name }: { name: string }) => name)
}

if (store === 'sqlite') {
  test('they have one secret, and left nothing else beside the database', () => {
    const files = readdirSync(sandbox.folder).filter((name) => !/-(?:wal|shm)$/.test(name))
    expect(files).toEqual(['countersign.db', 'countersign.secret'])
    expect(readFileSync(join(sandbox.folder, 'countersign.secret'), 'utf8')).toMatch(/^\S{64}\n$/)
  })
}

test('an access token of each is taken by each', async () => {
  const tokens = await onAll((server) => register(server, newUser()))
  for (const one of tokens) {
    const answers = await onAll((server) => callAs(one, server, '/profile'))
    expect(answers.map(({ status }) => status)).toEqual(each(200))
  }
})

test('a session goes on from server to server', async () => {
  const user = newUser()
  let { refreshToken } = await register(servers[0], user)
  for (const server of servers) {
    const { status, body } = await refresh(server, refreshToken)
    expect(status).toBe(200)
    refreshToken = String(body?.['refreshToken'])
  }
})

test('of one refresh sent to all at once comes one new token', async () => {
  const { refreshToken } = await register(servers[0], newUser())
  const answers = await onAll((server) => refresh(server, refreshToken))
  expect(answers.map(({ status }) => status)).toEqual(each(200))
  expect(new Set(answers.map(({ body }) => body?.['refreshToken'])).size).toBe(1)
})

test('a role given by one is known to all at the next refresh, and dead are older tokens', async () => {
  const [giver, other] = servers
  const admin = await signIn(giver, root)
  const user = await register(other, newUser())
  const role = { method: 'PUT', body: { permissions: ['users:read'] } }
  expect(await callAs(admin, giver, '/admin/roles/reader', role)).toMatchObject({ status: 201 })
  await changeUser(admin, user.userId, { roles: ['reader'] })

  const answers = await onAll((server) => callAs(user, server, '/profile'))
  expect(answers.map(({ body }) => body?.['code'])).toEqual(each('TOKEN_REVOKED'))
  const { body } = await refresh(other, user.refreshToken)
  const renewed = { accessToken: String(body?.['accessToken']) }
  const lists = await onAll((server) => callAs(renewed, server, '/admin/users'))
  expect(lists.map(({ status }) => status)).toEqual(each(200))
})

test('who is blocked by one is out everywhere at once', async () => {
  const [blocker, other] = servers
  const credentials = newUser()
  const user = await register(other, credentials)
  await changeUser(await signIn(blocker, root), user.userId, { status: 'blocked' })

  const profiles = await onAll((server) => callAs(user, server, '/profile'))
  expect(profiles.map(({ status }) => status)).toEqual(each(401))
  const refreshes = await onAll((server) => refresh(server, user.refreshToken))
  expect(refreshes.map(({ body }) => body?.['code'])).toEqual(each('SESSION_REVOKED'))
  expect(await login(other, credentials)).toMatchObject({ body: { code: 'ACCOUNT_BLOCKED' } })
})

test('who signs out at one is out everywhere at once', async () => {
  const user = await register(servers[0], newUser())
  await post(servers[1], '/logout', { refreshToken: user.refreshToken })
  const answers = await onAll((server) => callAs(user, server, '/profile'))
  expect(answers.map(({ status }) => status)).toEqual(each(401))
})

async function changeUser(admin: Tokens, userId: string, change: object): Promise<void> {
  const request = { method: 'PATCH', body: change }
  const { status } = await callAs(admin, servers[0], `/admin/users/${userId}`, request)
  expect(status).toBe(200)
}

test('of rotations asked for everywhere at once one is made, and every server takes it up', async () => {
  const before = await publishedKids(servers[0])
  const admin = await signIn(servers[0], root)
  const rotation = { method: 'POST', body: {} }
  const answers = await onAll((server) => callAs(admin, server, '/admin/keys/rotate', rotation))
  const made = answers.filter(({ status }) => status === 201)
  const refused = answers.filter(({ body }) => body?.['code'] === 'ROTATION_PENDING')
  expect([made.length, refused.length]).toEqual([1, servers.length - 1])
  const { code, stderr } = await sandbox.run({ environment, args: ['keys', 'rotate'] })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^error: .+ROTATION_PENDING\)\n$/)

  // They look every ten seconds.
  await expect
    .poll(() => onAll(publishedKids), { timeout: 40_000, interval: 500 })
    .toEqual(each([...before, expect.any(String)]))
  const published = await onAll(publishedKids)
  expect(new Set(published.flat()).size).toBe(before.length + 1)
})
