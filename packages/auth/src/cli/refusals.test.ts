import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDeps } from '../app/open-deps.ts'
import { sampleUser } from '../testing/contracts/samples.ts'
import { clientsCommand } from './clients-command.ts'
import { describeFailure } from './failure.ts'
import { keysCommand } from './keys-command.ts'
import { rolesCommand } from './roles-command.ts'
import { sessionsCommand } from './sessions-command.ts'
import { usersCommand } from './users/users-command.ts'

// What a command is refused, it says in one line and has not done. The commands are called
// here without a process each: they print nothing before they are refused.

const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(folder, { recursive: true }))

const database = `sqlite:${join(folder, 'c.db')}`
const password = 'correct horse battery'

beforeAll(async () => {
  const deps = await openDeps({ database })
  await deps.stores.users.create(sampleUser('ada', { username: 'ada', roles: ['admin'] }))
  await deps.keys.rotate('usr_admin')
  await deps.stores.close()
})

const groups: Readonly<Record<string, () => Command>> = {
  users: usersCommand,
  sessions: sessionsCommand,
  roles: rolesCommand,
  keys: keysCommand,
  clients: clientsCommand,
}

async function refusalOf([group = '', ...args]: readonly string[]) {
  const command = groups[group]?.()
  const error: unknown = await command
    ?.parseAsync([...args, '--database', database], { from: 'user' })
    .then(() => null)
    .catch((reason: unknown) => reason)
  return describeFailure(error)
}

const lastAdmin = 'This is the last active administrator. (LAST_ADMIN)'
const noRole = 'There is no such role. (ROLE_UNKNOWN)'
const noName = 'roles.0: This is not valid. (VALIDATION_FAILED)'
const nobody = 'There is no user nobody. (NOT_FOUND)'
const tooShort = 'This password cannot be used. Use at least 8 characters. (PASSWORD_REJECTED)'

const create = (email: string, ...more: string[]) => [
  'users',
  'create',
  '--email',
  email,
  '--password',
  password,
  ...more,
]

test.each([
  [['users', 'block', 'ada'], lastAdmin],
  [['users', 'delete', 'ada'], lastAdmin],
  [['users', 'set-roles', 'ada', '--none'], lastAdmin],
  [['users', 'set-roles', 'ada', 'boss'], noRole],
  [['users', 'set-roles', 'ada', 'Not A Role'], noName],
  [['users', 'set-password', 'ada', '--password', 'short'], tooShort],
  [['users', 'show', 'nobody'], nobody],
  [['users', 'block', 'nobody'], nobody],
  [['users', 'unblock', 'nobody'], nobody],
  [['users', 'delete', 'nobody'], nobody],
  [['users', 'set-roles', 'nobody', 'admin'], nobody],
  [['users', 'set-password', 'nobody', '--password', password], nobody],
  [create('bob'), 'email: This is not one e-mail address. (VALIDATION_FAILED)'],
  [create('ADA@example.com'), 'This e-mail address is already registered. (EMAIL_TAKEN)'],
  [
    create('bob@example.com', '--username', 'ADA'),
    'This username is already taken. (USERNAME_TAKEN)',
  ],
  [
    create('bob@example.com', '--username', 'b b'),
    'username: 3 to 32 of a-z 0-9 . _ - (VALIDATION_FAILED)',
  ],
  [create('bob@example.com', '--role', 'boss'), noRole],
  [create('bob@example.com', '--role', 'Not A Role'), noName],
  [
    create('bob@example.com', '--name', 'a\u{1b}b'),
    'name: Control characters and unpaired surrogates are not allowed. (VALIDATION_FAILED)',
  ],
  [['sessions', 'list', '--user', 'nobody'], nobody],
  [['sessions', 'end', '--user', 'nobody'], nobody],
  [['sessions', 'end', 'ses_x'], 'There is no session ses_x, or it has ended. (NOT_FOUND)'],
  [
    [
      'roles',
      'set',
      'admin',
      'users:read',
      'users:write',
      'roles:read',
      'roles:write',
      'keys:read',
      'clients:read',
      'clients:write',
      'audit:read',
    ],
    'permissions: The role admin needs keys:write. (VALIDATION_FAILED)',
  ],
  [['roles', 'set', 'Not A Role', 'a:b'], 'name: This is not valid. (VALIDATION_FAILED)'],
  [['roles', 'set', 'editor', 'NOT ONE'], 'permissions.0: This is not valid. (VALIDATION_FAILED)'],
  [['roles', 'delete', 'editor'], 'There is no role editor. (NOT_FOUND)'],
  [
    ['roles', 'delete', 'admin'],
    'You are not allowed to do this. The role admin cannot be deleted. (FORBIDDEN)',
  ],
  [['keys', 'revoke', 'nothing'], 'There is no key nothing. (NOT_FOUND)'],
  [['clients', 'delete', 'cli_x'], 'There is no service client cli_x. (NOT_FOUND)'],
  [['clients', 'disable', 'cli_x'], 'There is no service client cli_x. (NOT_FOUND)'],
  [['clients', 'rotate-secret', 'cli_x'], 'There is no service client cli_x. (NOT_FOUND)'],
  [
    ['clients', 'create', 'orders', 'not a scope'],
    'scopes.0: This is not valid. (VALIDATION_FAILED)',
  ],
  [['keys', 'rotate'], 'A key rotation is already under way. (ROTATION_PENDING)'],
])('refused: %j', async (args, line) => {
  expect(await refusalOf(args)).toEqual({ lines: [`error: ${line}`], exitCode: 1 })
})

test('nothing that was refused has been done', async () => {
  const { stores } = await openDeps({ database })
  expect(await stores.users.list({ limit: 10 })).toMatchObject([
    { username: 'ada', status: 'active', roles: ['admin'], tokenVersion: 0 },
  ])
  expect(await stores.roles.list()).toHaveLength(1)
  expect(await stores.signingKeys.list()).toHaveLength(2)
  await stores.close()
})

test('before a server has started there is no key to rotate', async () => {
  const fresh = `sqlite:${join(folder, 'fresh.db')}`
  const deps = await openDeps({
    database: fresh,
    signingAlgorithm: 'HS256',
    accessTokenSecret: 'kT9vX2mQ7pLw4zRb8nYc5fHj3sGd6aEu',
  })
  await deps.stores.close()
  const rotating = keysCommand().parseAsync(['rotate', '--database', fresh], { from: 'user' })
  await expect(rotating).rejects.toThrow('There is no key yet')
})
