import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { signIn } from './server-calls.ts'
import { createWorkplace, password, type Workplace } from './workplace.ts'

// A process takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let original: Workplace
/** Has bob@example.com too. For tests that change nothing. */
let both: Workplace
let at: Workplace
beforeAll(async () => {
  original = await createWorkplace()
  both = await withBob()
})
afterAll(() => original.remove())

const userAnswer = {
  id: expect.stringMatching(/^usr_[\w-]{22}$/),
  email: 'bob@example.com',
  emailVerified: false,
  roles: [],
  status: 'active',
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  updatedAt: expect.any(String),
}

const create = (email: string, ...more: string[]) => ['users', 'create', '--email', email, ...more]
const withPassword = { input: `${password}\n` }

async function withBob(): Promise<Workplace> {
  const copy = original.copy()
  await copy.done(create('bob@example.com'), withPassword)
  return copy
}

test('create says who was created', async () => {
  at = original.copy()
  const said = await at.done(create('bob@example.com'), withPassword)
  expect(said).toMatch(/^Created bob@example\.com \(usr_[\w-]{22}\)\.\n$/)
})

test('create answers with the user, as the API does', async () => {
  at = original.copy()
  const args = create('bob@example.com', '--username', 'Bob', '--name', 'Bob B', '--role', 'admin')
  expect(await at.json(args, withPassword)).toEqual({
    user: { ...userAnswer, username: 'bob', name: 'Bob B', roles: ['admin'] },
  })
})

test('whoever was created signs in, however the password came', async () => {
  at = original.copy()
  await at.done(create('a@example.com', '--password', '-'), withPassword)
  await at.done(create('b@example.com', '--password', password))
  await at.done(create('c@example.com'), { input: password })
  const url = await at.serve()
  const answers = ['a', 'b', 'c'].map((name) => signIn(url, `${name}@example.com`))
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200])
})

test.each([
  ['without a password', { input: '' }, 'No password was given.'],
  [
    'with a bad password',
    { input: 'short\n' },
    'This password cannot be used. Use at least 8 characters. (PASSWORD_REJECTED)',
  ],
])('create is refused %s, in one line', async (_what, call, line) => {
  expect(await original.run(create('bob@example.com', '--json'), call)).toEqual({
    code: 1,
    stdout: '',
    stderr: `error: ${line}\n`,
  })
})

// Who was created in the same second comes by id.
const byEmail = ([, a = '']: string[], [, b = '']: string[]) => (a < b ? -1 : 1)

test('list has a line a user, separated by tabs', async () => {
  const lines = (await both.done(['users', 'list'])).trimEnd().split('\n')
  expect(lines.map((line) => line.split('\t')).toSorted(byEmail)).toEqual([
    [expect.any(String), 'ada@example.com', 'ada', 'active', 'admin', expect.any(String)],
    [expect.any(String), 'bob@example.com', '', 'active', '', expect.any(String)],
  ])
})

test('list answers with users, as the API does', async () => {
  expect(await both.json(['users', 'list', '--search', 'BOB'])).toEqual({ users: [userAnswer] })
})

test('list gives the first so many', async () => {
  const all = await both.json(['users', 'list'])
  const { users } = await both.json(['users', 'list', '--limit', '1'])
  expect(users).toEqual((all['users'] as unknown[]).slice(0, 1))
})

test('an empty list is an empty list', async () => {
  expect(await both.json(['users', 'list', '--search', 'nobody'])).toEqual({ users: [] })
})

test('an empty list has no lines', async () => {
  expect(await both.done(['users', 'list', '--search', 'nobody'])).toBe('')
})

test('show answers with a user, as the API does', async () => {
  expect(await both.json(['users', 'show', 'bob@example.com'])).toEqual({ user: userAnswer })
})

test('show finds a user by id, and says all of them', async () => {
  const { user } = await both.json(['users', 'show', 'ada'])
  const { id } = user as { id: string }
  expect(await both.done(['users', 'show', id])).toMatch(
    /^id\tusr_.+\nemail\tada@example\.com\nusername\tada\nname\t\nstatus\tactive\nroles\tadmin\n/,
  )
})

test('block and unblock change the status', async () => {
  at = await withBob()
  expect(await at.json(['users', 'block', 'bob@example.com'])).toEqual({
    user: { ...userAnswer, status: 'blocked' },
  })
  expect(await at.done(['users', 'unblock', 'bob@example.com'])).toBe(
    'Unblocked bob@example.com. They may sign in.\n',
  )
})

test('set-roles replaces the roles, and takes them away', async () => {
  at = await withBob()
  const setRoles = ['users', 'set-roles', 'bob@example.com']
  expect(await at.done([...setRoles, 'admin'])).toBe(
    'bob@example.com has now the role admin. Older access tokens are dead.\n',
  )
  expect(await at.json([...setRoles, '--none'])).toEqual({ user: userAnswer })
})

test('set-password takes a line, and says whose', async () => {
  expect(
    await original
      .copy()
      .done(['users', 'set-password', 'ada'], { input: 'another good password\n' }),
  ).toBe('Changed the password of ada@example.com. Their sessions have ended.\n')
})

test('delete answers with who is gone', async () => {
  at = await withBob()
  expect(await at.json(['users', 'delete', 'bob@example.com'])).toEqual({ user: userAnswer })
  expect(await at.json(['users', 'list'])).toMatchObject({ users: [{ username: 'ada' }] })
})
