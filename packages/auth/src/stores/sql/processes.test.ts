import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import BetterSqlite from 'better-sqlite3'
import { afterAll, expect, test, vi } from 'vitest'
import type { Stores } from '../../model/stores.ts'
import { silentLogger } from '../../ports/logger.ts'
import { sampleGeneration, sampleSession, sampleUser } from '../../testing/contracts/samples.ts'
import { openSqlStores } from './open-sql-stores.ts'

// Starting a process takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(folder, { recursive: true }))

const open = (path: string) => openSqlStores({ url: `sqlite:${path}`, log: silentLogger })

// What every program below starts with. `say` returns when the line has left the process.
const prelude = `
  import { once } from 'node:events'
  import { writeSync } from 'node:fs'
  import { openSqlStores } from ${JSON.stringify(new URL('./open-sql-stores.ts', import.meta.url))}
  import { silentLogger } from ${JSON.stringify(new URL('../../ports/logger.ts', import.meta.url))}
  import {
    sampleGeneration, sampleRotation, sampleSession, sampleUser,
  } from ${JSON.stringify(new URL('../../testing/contracts/samples.ts', import.meta.url))}
  const open = (suffix = '') =>
    openSqlStores({ url: 'sqlite:' + process.argv[1] + suffix, log: silentLogger })
  const say = (line) => writeSync(1, line + '\\n')
`

type Child = ReturnType<typeof start>

function start(program: string, path: string) {
  const flags = ['--conditions=@countersign/source', '--input-type=module']
  return spawn(process.execPath, [...flags, '--eval', prelude + program, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

async function run(program: string, path: string): Promise<string> {
  return await text(start(program, path).stdout)
}

test('of eight processes that start on a new file at once, all serve one schema', async () => {
  const path = join(folder, 'new', 'start.db')
  const program = `
    say('ready')
    await once(process.stdin, 'data')
    for (const round of [1, 2, 3, 4, 5]) {
      const stores = await open('.' + round)
      if (!(await stores.check()).isCurrent) throw new Error('not current')
      say((await stores.roles.list()).map(({ name }) => name).join())
      await stores.close()
    }
  `
  const children = Array.from({ length: 8 }, () => start(program, path))
  await Promise.all(children.map(({ stdout }) => once(stdout, 'readable')))
  for (const { stdin } of children) stdin.end('go')
  const answers = await Promise.all(children.map(({ stdout }) => text(stdout)))
  expect(answers).toEqual(children.map(() => `ready\n${'admin\n'.repeat(5)}`))
})

test('processes that write at once lose nothing and refuse nothing', async () => {
  const path = join(folder, 'contention.db')
  const ada = sampleUser('ada')
  const stores = await open(path)
  await stores.users.create(ada)
  const program = `
    const stores = await open()
    for (let count = 0; count < 100; count++) {
      await stores.users.update(${JSON.stringify(ada.id)}, { raise: ['tokenVersion'], updatedAt: 1 })
    }
    await stores.close()
    say('done')
  `
  const answers = await Promise.all(Array.from({ length: 4 }, () => run(program, path)))
  expect(answers).toEqual(Array.from({ length: 4 }, () => 'done\n'))
  expect((await stores.users.find(ada.id))?.tokenVersion).toBe(400)
  await stores.close()
})

// Adds a user with a role and a session, rotates the session three times, and again.
const writer = `
  const stores = await open()
  for (let number = 0; ; number++) {
    const user = sampleUser(process.pid + 'x' + number, { roles: ['admin'] })
    await stores.users.create(user)
    say(user.email.split('@')[0] + ' user')
    let session = sampleSession(process.pid + 'x' + number, user)
    await stores.sessions.create(session, 10)
    say(user.email.split('@')[0] + ' 0')
    for (let generation = 1; generation <= 3; generation++) {
      const rotation = sampleRotation(session, { lastUsedAt: 1000 + 100 * generation })
      await stores.sessions.rotate(rotation)
      session = { ...session, generation, generations: rotation.generations }
      say(user.email.split('@')[0] + ' ' + generation)
    }
  }
`

/** Kills a program some time after its first line. @returns All its lines. */
async function killAfterFirstLine(child: Child, afterMs: number): Promise<string[]> {
  const said: string[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => said.push(line))
  await once(lines, 'line')
  await sleep(afterMs)
  child.kill('SIGKILL')
  await once(lines, 'close')
  return said
}

async function expectKept(stores: Stores, line: string): Promise<void> {
  const [name = '', what] = line.split(' ')
  const user = sampleUser(name, { roles: ['admin'] })
  expect(await stores.users.find(user.id)).toEqual(user)
  if (what === 'user') return
  const session = await stores.sessions.find(sampleSession(name, user).id)
  expect(session?.generation).toBeGreaterThanOrEqual(Number(what))
}

async function expectWhole(stores: Stores): Promise<void> {
  const users = await stores.users.list({ limit: 1000 })
  for (const user of users) {
    expect(user.roles).toEqual(['admin'])
    for (const session of await stores.sessions.listActive(user.id)) {
      const { generation } = session
      const past = Array.from({ length: generation + 1 }, (_, back) => generation - back)
      expect(session.generations).toEqual(past.map(sampleGeneration))
      expect(session.lastUsedAt).toBe(1000 + 100 * generation)
    }
  }
}

test('after a kill at any moment, all that was acknowledged is there, whole', async () => {
  const path = join(folder, 'killed.db')
  const said: string[] = []
  const rounds = 8
  for (let round = 0; round < rounds; round++) {
    said.push(...(await killAfterFirstLine(start(writer, path), (round * 37) % 160)))
    const stores = await open(path)
    for (const line of said) await expectKept(stores, line)
    await expectWhole(stores)
    await stores.close()
  }
  const database = new BetterSqlite(path)
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(database.pragma('foreign_key_check')).toEqual([])
  expect(said.length).toBeGreaterThan(rounds)
})

test('a start that is killed is finished by the next one', async () => {
  for (let round = 0; round < 4; round++) {
    const path = join(folder, `half${round}.db`)
    await killAfterFirstLine(
      start("say('ready'); await open(); await once(process.stdin, 'data')", path),
      round * 3,
    )
    const stores = await open(path)
    expect(await stores.check()).toEqual({ isCurrent: true })
    await stores.close()
  }
})

// Root may write everything, so the program becomes someone else after it has read its code.
const stranger = `
  const memory = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
  await memory.close()
  if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534) }
  await open().then(() => say('opened'), (error) => say(error.name + ': ' + error.message))
`

async function databaseOf(name: string): Promise<{ path: string; home: string }> {
  const home = join(folder, name)
  const path = join(home, 'c.db')
  await (await open(path)).close()
  chmodSync(folder, 0o755)
  chmodSync(home, 0o777)
  chmodSync(path, 0o666)
  return { path, home }
}

test('a stranger who may write file and folder opens the database', async () => {
  const { path } = await databaseOf('open')
  expect(await run(stranger, path)).toBe('opened\n')
})

test('a file that may not be written is refused in one line, and stays as it is', async () => {
  const { path } = await databaseOf('file')
  chmodSync(path, 0o444)
  const before = readFileSync(path)
  expect(await run(stranger, path)).toMatch(/^StartupError: .*c\.db to be writable.*\n$/)
  expect(readFileSync(path)).toEqual(before)
})

test('a folder that may not be written is refused in one line', async () => {
  const { path, home } = await databaseOf('folder')
  chmodSync(home, 0o555)
  expect(await run(stranger, path)).toMatch(/^StartupError: .*folder to be writable.*\n$/)
})

test('a file that cannot be made is refused in one line', async () => {
  const { home } = await databaseOf('none')
  chmodSync(home, 0o555)
  const answer = await run(stranger, join(home, 'deep', 'new.db'))
  expect(answer).toMatch(/^StartupError: .*cannot be made \(EACCES\).*\n$/)
})
