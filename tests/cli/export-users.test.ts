import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { verify } from '@node-rs/argon2'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { signIn } from './server-calls.ts'
import { createWorkplace, password, type Workplace } from './workplace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let at: Workplace
let url: string
beforeAll(async () => {
  at = await createWorkplace()
  await at.done(['users', 'create', '--email', 'bob@example.com'], { input: `${password}\n` })
  url = await at.serve()
  await signIn(url, 'ada@example.com')
  await signIn(url, 'ada@example.com')
})
afterAll(() => at.remove())

const secrets = /argon2|hash|pepper|secret|token|generation/i

test('all users are written, an object of JSON a line, without hashes', async () => {
  const text = await at.done(['users', 'export'])
  const users = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { email: string })
  expect(users.map(({ email }) => email).sort()).toEqual(['ada@example.com', 'bob@example.com'])
  expect(text).not.toMatch(secrets)
})

test('with --json they are one document', async () => {
  const { users } = await at.json(['users', 'export'])
  expect(users).toHaveLength(2)
})

test('everything about one user is their profile and their sessions, the ended ones too', async () => {
  const { sessions } = await at.json(['sessions', 'list', '--user', 'ada'])
  const [{ id }] = sessions as [{ id: string }]
  await at.done(['sessions', 'end', id])
  const text = await at.done(['users', 'export', '--user', 'ada'])
  const exported = JSON.parse(text) as { user: unknown; sessions: { id: string }[] }
  expect(exported.user).toMatchObject({ email: 'ada@example.com', roles: ['admin'] })
  expect(exported.sessions).toHaveLength(2)
  expect(exported.sessions.find((session) => session.id === id)).toEqual({
    id,
    createdAt: expect.any(String),
    lastUsedAt: expect.any(String),
    expiresAt: expect.any(String),
    ip: expect.any(String),
    userAgent: expect.anything(),
    device: null,
    authMethods: ['pwd'],
    status: 'ended',
    endedAt: expect.any(String),
    endReason: 'ended_by_admin',
  })
  expect(text).not.toMatch(secrets)
})

test('with hashes and pepper, passwords can be checked elsewhere', async () => {
  const path = join(at.folder, 'pepper.txt')
  const args = ['users', 'export', '--user', 'ada', '--with-password-hashes']
  const text = await at.done([...args, '--pepper-file', path])
  const { user } = JSON.parse(text) as { user: { passwordHash: string } }
  const secret = Buffer.from(readFileSync(path, 'utf8'), 'base64')
  const phc = user.passwordHash.replace(/,keyid=[^$]+/, '')
  expect(await verify(phc, password, { secret })).toBe(true)
  expect(await verify(phc, password)).toBe(false)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file is never written over', async () => {
  const args = ['users', 'export', '--with-password-hashes', '--pepper-file']
  const path = join(at.folder, 'c.secret')
  const before = readFileSync(path, 'utf8')
  const { code, stderr } = await at.run([...args, path])
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `error: The file ${path} cannot be written. There is one already.\n`,
  })
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test('the pepper is not given without the hashes', async () => {
  const { code, stderr } = await at.run(['users', 'export', '--pepper-file', 'x'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: --pepper-file goes with --with-password-hashes\./)
})
