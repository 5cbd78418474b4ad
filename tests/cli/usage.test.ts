import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { openSqlStores } from '../../packages/auth/src/stores/sql/open-sql-stores.ts'
import { sampleUser } from '../../packages/auth/src/testing/contracts/samples.ts'
import { createWorkplace, main, nodeFlags, outcomeOf, type Workplace } from './workplace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let at: Workplace
beforeAll(async () => {
  at = await createWorkplace()
  await addMany()
})
afterAll(() => at.remove())

test.each([
  [['bogus'], "error: unknown command 'bogus'. See: countersign --help"],
  [
    ['users', 'list', '--jsn'],
    "error: unknown option '--jsn' (Did you mean --json?) See: countersign users list --help",
  ],
  [
    ['users', 'show'],
    "error: missing required argument 'user'. See: countersign users show --help",
  ],
  [
    ['users', 'create'],
    "error: required option '--email <address>' not specified. See: countersign users create --help",
  ],
  [
    ['users', 'list', '--limit', 'x'],
    "error: option '--limit <number>' argument 'x' is invalid. It must be a whole number from 1. See: countersign users list --help",
  ],
  [
    ['users', 'set-roles', 'ada'],
    'error: Name roles, or use --none. See: countersign users set-roles --help',
  ],
  [
    ['sessions', 'end'],
    'error: Name a session, or a user with --user. See: countersign sessions end --help',
  ],
])('a wrong call ends with 2 and one line: %j', async (args, line) => {
  expect(await at.run(args)).toEqual({ code: 2, stdout: '', stderr: `${line}\n` })
})

test('a group without a command shows what there is, and ends with 2', async () => {
  const { code, stdout, stderr } = await at.run(['users'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^Usage: countersign users [\s\S]+set-password/)
})

test('help and version are no failures', async () => {
  expect(await at.done(['--help'])).toMatch(/^Usage: countersign [\s\S]+doctor/)
  expect(await at.done(['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('wrong options of the environment are all said, a line each', async () => {
  const environment = { PASSWORD_MIN_LENGTH: '4', COUNTERSIGN_SECRT: 'x' }
  const { code, stdout, stderr } = await at.run(['users', 'list'], { environment })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^error: COUNTERSIGN_SECRT .+\nerror: PASSWORD_MIN_LENGTH .+\n$/)
})

test('where there is no database, none is made', async () => {
  const path = join(at.folder, 'missing.db')
  const { code, stderr } = await at.run(['users', 'list', '--database', `sqlite:${path}`])
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `error: There is no database at ${path}. Run \`countersign migrate\` first.\n`,
  })
  expect(existsSync(path)).toBe(false)
})

// More than fits into a pipe.
const many = 1000

async function addMany(): Promise<void> {
  const stores = await openSqlStores({
    url: at.environment['DATABASE_URL'] ?? '',
    log: silentLogger,
  })
  for (let index = 0; index < many; index++) await stores.users.create(sampleUser(`many${index}`))
  await stores.close()
}

const listing = (flags: readonly string[], stdout: 'pipe' | number) =>
  spawn(process.execPath, [...nodeFlags, main, 'users', 'list', ...flags], {
    cwd: at.folder,
    env: { ...at.environment },
    stdio: ['ignore', stdout, 'pipe'],
  })

test.each([[[]], [['--json']]])(
  'a reader that has enough is no failure: users list %j',
  async (flags) => {
    const child = listing(flags, 'pipe')
    child.stdout?.once('data', () => child.stdout?.destroy())
    const stderr = text(child.stderr as NodeJS.ReadableStream)
    const [code] = await once(child, 'exit')
    expect({ code, stderr: await stderr }).toEqual({ code: 0, stderr: '' })
  },
)

test('all of many users are listed', async () => {
  const { users } = await at.json(['users', 'list'])
  expect(users).toHaveLength(many + 1)
})

test.runIf(existsSync('/dev/full'))('a full disk is one line', async () => {
  const child = listing([], openSync('/dev/full', 'w'))
  expect(await outcomeOf(child)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: Standard output cannot be written (ENOSPC).\n',
  })
})

const bin = fileURLToPath(new URL('../../packages/auth/bin/countersign.js', import.meta.url))

test.each([
  ['20.20.2', '9'],
  ['22.17.1', '10'],
  ['23.5.0', '9'],
])(
  'Node %s with Node-API %s is told what is needed, before anything is imported',
  async (node, napi) => {
    const older = `Object.defineProperty(process, 'versions', { value: { node: '${node}', napi: '${napi}' } })`
    const flags = ['--import', `data:text/javascript,${encodeURIComponent(older)}`]
    const child = spawn(process.execPath, [...flags, bin, 'users', 'list'], {
      cwd: at.folder,
      env: {},
    })
    expect(await outcomeOf(child)).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: Countersign needs Node 22.18 or newer, and this is Node ${node}.\n`,
    })
  },
)
