import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { openSqlStores } from '../../packages/auth/src/stores/sql/open-sql-stores.ts'
import { signIn } from './server-calls.ts'
import { createWorkplace, main, nodeFlags, type Workplace } from './workplace.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let original: Workplace
beforeAll(async () => {
  original = await createWorkplace()
})
afterAll(() => original.remove())

// Of Openwall's tests of bcrypt, with the password.
const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
const bcryptPassword = 'U*U'

/** A copy of the database, with a file beside it. */
function place(name: string, text: string): { at: Workplace; file: string } {
  const at = original.copy()
  const file = join(at.folder, name)
  writeFileSync(file, text)
  return { at, file }
}

const row = (name: string) => `${name}@example.com,${bcrypt},2024-01-02T03:04:05Z`
const csv = (...rows: readonly string[]) => ['email,password,createdAt', ...rows, ''].join('\n')

async function storedUsers(at: Workplace) {
  const stores = await openSqlStores({
    url: at.environment['DATABASE_URL'] ?? '',
    log: silentLogger,
  })
  const users = await stores.users.list({ limit: 1000 })
  await stores.close()
  return users
}

const hashOf = async (at: Workplace, email: string) =>
  (await storedUsers(at)).find((user) => user.email === email)?.passwordHash

describe('whoever was imported', () => {
  test('signs in with their password, which is hashed anew', async () => {
    const { at, file } = place('users.csv', csv(row('bob')))
    await at.run(['users', 'import', file])
    const url = await at.serve()
    expect((await signIn(url, 'bob@example.com', 'U*U!')).status).toBe(401)
    expect(await hashOf(at, 'bob@example.com')).toBe(bcrypt)
    expect((await signIn(url, 'bob@example.com', bcryptPassword)).status).toBe(200)
    expect(await hashOf(at, 'bob@example.com')).toMatch(/^\$argon2id\$.+,keyid=/)
    expect((await signIn(url, 'bob@example.com', bcryptPassword)).status).toBe(200)
  })

  test('comes from MongoDB as mongoexport writes it', async () => {
    const document = {
      _id: { $oid: '65937d65a1b2c3d4e5f60718' },
      username: 'Bob',
      email: 'bob@example.com',
      password: bcrypt,
      roles: { Admin: 5150 },
      refreshToken: ['secret'],
      createdAt: { $date: '2024-01-02T03:04:05.678Z' },
      __v: 0,
    }
    const { at, file } = place('users.json', `${JSON.stringify(document)}\n`)
    const { stdout } = await at.run(['users', 'import', file, '--format', 'mongoexport'])
    expect(stdout).toMatch(/^Imported 1 users\./)
    const url = await at.serve()
    expect((await signIn(url, 'bob@example.com', bcryptPassword)).status).toBe(200)
    expect(await at.json(['users', 'show', 'bob'])).toMatchObject({
      user: { username: 'bob', roles: [], createdAt: '2024-01-02T03:04:05Z' },
    })
  })

  test('comes from Firebase, with the parameters of its project', async () => {
    const user = {
      localId: '1',
      email: 'bob@example.com',
      emailVerified: true,
      passwordHash:
        'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
      salt: '42xEC+ixf3L2lw==',
      createdAt: '1704164645678',
    }
    const { at, file } = place('users.json', `{"users": [\n${JSON.stringify(user, null, 2)}\n]}`)
    const config = join(at.folder, 'hash.txt')
    writeFileSync(config, hashConfig)
    const args = ['users', 'import', file, '--format', 'firebase']
    await at.run([...args, '--firebase-hash-config', config])
    const url = await at.serve()
    expect((await signIn(url, 'bob@example.com', 'user1password')).status).toBe(200)
    expect(await at.json(['users', 'show', 'bob@example.com'])).toMatchObject({
      user: { emailVerified: true, createdAt: '2024-01-02T03:04:05Z' },
    })
  })
})

// Published with github.com/firebase/scrypt.
const hashConfig = `hash_config {
  algorithm: SCRYPT,
  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,
  base64_salt_separator: Bw==,
  rounds: 8,
  mem_cost: 14,
}`

describe('what is not imported', () => {
  const broken = csv(
    row('bob'),
    row('ADA'),
    row('bob'),
    'cy@example.com,hunter22,',
    '"di@example.com,x,',
    row('eve'),
    `bob@Example.com,${bcrypt.replace('CC', 'DD')},2025-01-02`,
  )

  test('is said with its line, while the rest is', async () => {
    const { at, file } = place('users.csv', broken)
    const { code, stdout, stderr } = await at.run(['users', 'import', file])
    expect(code).toBe(1)
    expect(stdout).toBe(
      'Imported 2 users. 1 are there already, 2 have an address or username of somebody else, 2 are broken.\n',
    )
    expect(stderr.replace(/usr_[\w-]{22}/g, 'usr_x')).toBe(
      [
        '2 users\t100',
        'line 3: ADA@example.com is taken, by usr_x.',
        'line 5: passwordHash: It is no password hash of a known kind.',
        'line 6: A quote is opened and not closed.',
        'line 8: bob@Example.com is taken, by usr_x.',
        '',
      ].join('\n'),
    )
  })

  test('is in the report, all of it, for its owner alone', async () => {
    const { at, file } = place('users.csv', broken)
    const path = join(at.folder, 'report.jsonl')
    await at.run(['users', 'import', file, '--report', path])
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    const report = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(report.map(({ line, problem }) => [line, problem])).toEqual([
      [3, 'email_taken'],
      [4, 'already_there'],
      [5, 'broken'],
      [6, 'broken'],
      [8, 'email_taken'],
    ])
    expect(lines.join()).not.toContain('hunter22')
    const { stderr } = await at.run(['users', 'import', file, '--report', path])
    expect(stderr).toBe(`error: The report ${path} cannot be written. There is one already.\n`)
  })

  test('leaves those alone who are there', async () => {
    const { at, file } = place('users.csv', csv(`ada@example.com,${bcrypt},`))
    const [ada] = await storedUsers(at)
    await at.run(['users', 'import', file])
    expect(await storedUsers(at)).toEqual([ada])
  })

  test('are roles, unless they are mapped and exist', async () => {
    const text = `email,password,role\nb@example.com,${bcrypt},admin\nc@example.com,${bcrypt},boss\n`
    const { at, file } = place('users.csv', text)
    const { stdout, stderr } = await at.run(['users', 'import', file, '--map', 'roles=role'])
    expect(stdout).toMatch(/^Imported 1 users\. .+ 1 are broken\.\n$/)
    expect(stderr).toContain('line 3: There is no such role as c@example.com is to have.')
    expect(await at.json(['users', 'show', 'b@example.com'])).toMatchObject({
      user: { roles: ['admin'] },
    })
  })
})

test('one broken line of many thousands is said with its number, and the rest is imported', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => row(`u${index}`))
  rows[17_999] = '"u17999@example.com,x,'
  const { at, file } = place('users.csv', csv(...rows))
  const { stdout, stderr } = await at.run(['users', 'import', file])
  expect(stderr).toContain('line 18001: A quote is opened and not closed.')
  expect(stdout).toMatch(/^Imported 19999 users\. 0 .+ 0 .+ 1 are broken\.\n$/)
})

test('a dry run says what would be done, and does nothing', async () => {
  const { at, file } = place('users.csv', csv(row('bob'), row('bob'), row('ada'), 'x'))
  expect(await at.run(['users', 'import', file, '--dry-run'])).toMatchObject({
    code: 1,
    stdout:
      'Would import 1 users. 1 are there already, 1 have an address or username of somebody else, 1 are broken.\n',
  })
  expect(await storedUsers(at)).toHaveLength(1)
})

test('with --json it answers with totals and the first problems', async () => {
  const { at, file } = place('users.csv', csv(row('bob'), 'x'))
  const { stdout } = await at.run(['users', 'import', file, '--json'])
  expect(JSON.parse(stdout)).toEqual({
    imported: 1,
    alreadyThere: 0,
    duplicates: 0,
    broken: 1,
    problems: [{ line: 3, problem: 'broken', detail: 'There are 1 values for 3 columns.' }],
  })
})

test('an import that was killed is run again, and everybody is there once', async () => {
  const count = 60_000
  const rows = Array.from({ length: count }, (_, index) => row(`u${index}`))
  const { at, file } = place('users.csv', csv(...rows))
  const child = spawn(process.execPath, [...nodeFlags, main, 'users', 'import', file], {
    env: { ...at.environment },
    stdio: 'ignore',
  })
  for (let tries = 0; tries < 1000 && (await storedUsers(at)).length < 2; tries += 1) await sleep(5)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const { stdout } = await at.run(['users', 'import', file, '--json'])
  const { imported, alreadyThere, ...others } = JSON.parse(stdout)
  expect(others).toEqual({ duplicates: 0, broken: 0, problems: [] })
  expect(alreadyThere).toBeGreaterThan(0)
  expect(imported).toBeGreaterThan(0)
  expect(imported + alreadyThere).toBe(count)
  const lines = (await at.done(['users', 'export'])).trimEnd().split('\n')
  const emails = lines.map((line) => (JSON.parse(line) as { email: string }).email)
  expect(new Set(emails).size).toBe(count + 1)
  expect(emails).toHaveLength(count + 1)
})

test.each([
  [['nothing.csv'], /There is no file .*nothing\.csv\./],
  [['.', '--format', 'csv'], /\. is no file\./],
  [['users.txt'], /Say what users\.txt is: --format jsonl or csv or mongoexport or firebase\./],
  [['users.json', '--format', 'firebase'], /--format firebase and --firebase-hash-config go/],
  [['users.csv', '--firebase-hash-config', 'users.csv'], /--format firebase and --firebase-hash/],
  [
    ['users.csv', '--format', 'firebase', '--firebase-hash-config', 'users.csv'],
    /holds no base64_signer_key\. Copy it from the console/,
  ],
  [['users.csv', '--map', 'passwordHash=pw'], /There is no column pw\. There are: email, password/],
])('refused: users import %j', async (args, message) => {
  const { at } = place('users.csv', csv(row('bob')))
  writeFileSync(join(at.folder, 'users.json'), '{}')
  const { code, stdout, stderr } = await at.run(['users', 'import', ...args])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})
