import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { callWith, post, signIn, tokensFor, type Verdict, verdictOf } from './server-calls.ts'
import { createWorkplace, password, type Workplace } from './workplace.ts'

// Commands take effect in a server that runs on the same file, at once or, where it keeps
// something in memory, when it next looks.

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let at: Workplace
let url = ''
beforeAll(async () => {
  at = await createWorkplace()
  url = await at.serve()
})
afterAll(() => at.remove())

let users = 0
async function newUser(): Promise<string> {
  const email = `user${++users}@example.com`
  await at.done(['users', 'create', '--email', email], { input: `${password}\n` })
  return email
}

const profile = () => `${url}/api/auth/profile`
const revoked = { status: 401, code: 'TOKEN_REVOKED' }

async function refreshed(refreshToken: string): Promise<Verdict> {
  return await verdictOf(await post(`${url}/api/auth/refresh`, { refreshToken }))
}

test('a role gives its permissions from the next refresh on, and takes them at once', async () => {
  const email = await newUser()
  await at.done(['roles', 'set', 'reader', 'users:read'])
  await at.done(['users', 'set-roles', email, 'reader'])
  const list = `${url}/api/auth/admin/users`
  const { accessToken } = await tokensFor(url, email)
  expect(await callWith(accessToken, list)).toEqual({ status: 200 })

  expect(await at.done(['roles', 'set', 'reader', 'other:read'])).toBe(
    'The role reader has changed.\n',
  )
  expect(await callWith(accessToken, list)).toEqual(revoked)
  const later = await tokensFor(url, email)
  expect(await callWith(later.accessToken, list)).toEqual({ status: 403, code: 'FORBIDDEN' })

  expect(await at.json(['roles', 'delete', 'reader'])).toEqual({ deleted: { role: 'reader' } })
  expect(await callWith(later.accessToken, profile())).toEqual(revoked)
})

test('a blocked user is out, and may come back when unblocked', async () => {
  const email = await newUser()
  const { accessToken, refreshToken } = await tokensFor(url, email)
  await at.done(['users', 'block', email])
  expect(await callWith(accessToken, profile())).toEqual(revoked)
  expect(await refreshed(refreshToken)).toEqual({ status: 401, code: 'SESSION_REVOKED' })
  expect((await signIn(url, email)).status).toBe(403)
  await at.done(['users', 'unblock', email])
  expect((await signIn(url, email)).status).toBe(200)
})

test('a session is listed as the API does, and ended by its id alone', async () => {
  const email = await newUser()
  const one = await tokensFor(url, email)
  const other = await tokensFor(url, email)
  const { sessions } = await at.json(['sessions', 'list', '--user', email])
  expect(sessions).toHaveLength(2)
  expect(sessions).toContainEqual({
    id: one.sessionId,
    current: false,
    createdAt: expect.any(String),
    lastUsedAt: expect.any(String),
    expiresAt: expect.any(String),
    ip: expect.any(String),
    userAgent: expect.any(String),
    device: null,
    authMethods: ['pwd'],
  })
  expect(await at.done(['sessions', 'end', one.sessionId])).toBe(`Ended ${one.sessionId}.\n`)
  expect(await callWith(one.accessToken, profile())).toEqual(revoked)
  expect(await callWith(other.accessToken, profile())).toEqual({ status: 200 })
  expect(await at.done(['sessions', 'list', '--user', email])).toMatch(
    new RegExp(`^${other.sessionId}\\t.*\\n$`),
  )
})

test('every session of a user ends at once', async () => {
  const email = await newUser()
  const { accessToken, refreshToken } = await tokensFor(url, email)
  expect(await at.done(['sessions', 'end', '--user', email])).toBe(
    `Signed ${email} out everywhere.\n`,
  )
  expect(await callWith(accessToken, profile())).toEqual(revoked)
  expect(await refreshed(refreshToken)).toEqual({ status: 401, code: 'SESSION_REVOKED' })
  expect(await at.json(['sessions', 'list', '--user', email])).toEqual({ sessions: [] })
})

test('a new password is the one that signs in, and whoever had the old one is out', async () => {
  const email = await newUser()
  const { accessToken } = await tokensFor(url, email)
  await at.done(['users', 'set-password', email], { input: 'another good password\n' })
  expect(await callWith(accessToken, profile())).toEqual(revoked)
  expect((await signIn(url, email)).status).toBe(401)
  const login = { email, password: 'another good password', transport: 'body' }
  expect((await post(`${url}/api/auth/login`, login)).status).toBe(200)
})

test('a deleted user is gone', async () => {
  const email = await newUser()
  const { accessToken } = await tokensFor(url, email)
  await at.done(['users', 'delete', email])
  expect(await callWith(accessToken, profile())).toEqual(revoked)
  expect((await signIn(url, email)).status).toBe(401)
})

async function publishedKids(): Promise<string[]> {
  const answer = await fetch(`${url}/.well-known/jwks.json`)
  const { keys } = (await answer.json()) as { keys: { kid: string }[] }
  return keys.map(({ kid }) => kid)
}

test('a new key is published by the server within its reload interval', async () => {
  const [first] = await publishedKids()
  const { key } = await at.json(['keys', 'rotate'])
  const { kid } = key as { kid: string }
  expect(key).toEqual({
    kid,
    algorithm: 'ES256',
    stage: 'upcoming',
    createdAt: expect.any(String),
    activeFrom: expect.any(String),
  })
  expect(await at.json(['keys', 'list'])).toMatchObject({
    keys: [
      { kid: first, stage: 'signing' },
      { kid, stage: 'upcoming' },
    ],
  })
  // The interval is 10 seconds; a busy machine may be late.
  for (let waited = 0; waited < 20 && !(await publishedKids()).includes(kid); waited++) {
    await sleep(1000)
  }
  expect(await publishedKids()).toEqual([first, kid])
})
