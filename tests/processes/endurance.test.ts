import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, type Target } from './client.ts'
import { beginRequest, connect } from './connection.ts'
import { type Experience, liveHonestly, noExperience } from './honest-client.ts'
import { expectKept, expectSound, expectUsable } from './kept.ts'
import { createSandbox, logged, type Server } from './sandbox.ts'

// What takes half a minute, all at the same time: a server that is killed under load, over and
// over, with no chance to tidy up; callers who are slow; servers that are told to stop.

const sandbox = createSandbox()

/** From one address, people do not sign up as often. */
const unlimited = { RATE_LIMITS: 'off' }
const rounds = 20
const answersPerRound = 25

/** Servers that come and go at one place. */
function createPlace() {
  let found = Promise.withResolvers<Target>()
  return {
    find: () => found.promise,
    open: (server: Target) => found.resolve(server),
    close() {
      found = Promise.withResolvers()
    },
  }
}

test.concurrent('killed at any moment, the server keeps what it has acknowledged', async () => {
  const [experience, place] = [noExperience(), createPlace()]
  let isOver = false
  const lives = Promise.all(
    ['bearer1', 'keyed1', 'bearer2', 'keyed2', 'bearer3', 'keyed3'].map((name) =>
      liveHonestly({
        name,
        isKeyed: name.startsWith('keyed'),
        experience,
        findServer: place.find,
        isOver: () => isOver,
      }),
    ),
  )
  // Who is wronged gives up, and is heard below.
  lives.catch(() => {})

  for (const afterMs of [200, 500]) await killWhileStarting(afterMs)
  // Once in peace: a process that is killed does not leave what it compiled for the next.
  await (await sandbox.serve(unlimited)).stop('SIGTERM')

  let seen = { ended: 0, accessTokens: 0 }
  for (let round = 0; round < rounds; round++) {
    if (round % 10 === 5) await killWhileStarting(round * 40)
    const server = await sandbox.serve(unlimited)
    // Nobody is served yet: this is what was acknowledged before the kill.
    await expectKept(server, {
      ended: experience.ended.slice(seen.ended),
      accessTokens: experience.accessTokens.slice(seen.accessTokens),
    })
    seen = {
      ended: experience.ended.length,
      accessTokens: experience.accessTokens.length,
    }
    place.open(server)
    await untilAnswered(experience, answersPerRound)
    await sleep((round * 7) % 20)
    place.close()
    await server.stop('SIGKILL')
  }

  const server = await sandbox.serve(unlimited)
  isOver = true
  place.open(server)
  await lives.catch(() => {})
  expect(experience.wronged).toEqual([])
  expect(experience.lost).toBeGreaterThan(rounds)
  await expectKept(server, experience)
  await expectUsable(server, experience)
  expect(experience.passwords.size).toBeGreaterThan(rounds)
  expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expectSound(join(sandbox.folder, 'countersign.db'))
})

async function untilAnswered(experience: Experience, count: number): Promise<void> {
  const enough = experience.answered + count
  while (experience.answered < enough && experience.wronged.length === 0) await sleep(1)
}

async function killWhileStarting(afterMs: number): Promise<void> {
  const { child, ended } = sandbox.launch({ environment: unlimited })
  await sleep(afterMs)
  child.kill('SIGKILL')
  await ended
}

/** What the server grants, and how much later a busy machine may notice. */
const headersMs = 10_000
const requestMs = 30_000
const stopMs = 10_000
const latenessMs = 15_000

const registration = { email: 'ada@example.com', password: 'correct horse battery' }

function serveInMemory(): Promise<Server> {
  return sandbox.serve({ DATABASE_URL: 'sqlite::memory:' })
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startedMs = performance.now()
  const result = await work
  return { result, tookMs: performance.now() - startedMs }
}

describe.concurrent('a caller who is slow', () => {
  let server: Server
  beforeAll(async () => {
    server = await serveInMemory()
  })

  test('headers that never end are cut off, and hold up nobody', async () => {
    const slow = await connect(server)
    slow.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n')
    const drip = setInterval(() => slow.write('X-Slow: 1\r\n'), 500)
    const cutOff = timed(slow.closed)
    expect(await call(server, '/healthz')).toMatchObject({ status: 200 })
    const { tookMs } = await cutOff
    clearInterval(drip)
    expect(tookMs).toBeGreaterThan(headersMs / 2)
    expect(tookMs).toBeLessThan(headersMs + latenessMs)
  })

  test('a body that never ends is cut off', async () => {
    const { connection } = await beginRequest(server, '/api/auth/register', registration)
    const { tookMs } = await timed(connection.closed)
    expect(tookMs).toBeGreaterThan(requestMs / 2)
    expect(tookMs).toBeLessThan(requestMs + latenessMs)
  })

  test('a connection that says nothing is cut off', async () => {
    const silent = await connect(server)
    const { tookMs } = await timed(silent.closed)
    expect(tookMs).toBeLessThan(requestMs + latenessMs)
  })

  test('a body in chunks, which says nothing of its length, is refused before its end', async () => {
    const big = await connect(server)
    big.write('POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n')
    big.write('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
    const chunk = 'x'.repeat(16_384)
    for (let count = 0; count < 5; count++) {
      big.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    }
    expect(await big.receives(/BODY_TOO_LARGE/)).toMatch(/^HTTP\/1\.1 413 /)
  })
})

describe.concurrent('a server that is told to stop', () => {
  function signal(server: Server, name: NodeJS.Signals): Promise<unknown> {
    server.child.kill(name)
    return logged(server, ({ event }) => event === 'server.stopping')
  }

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s, what is under way is finished and nothing new is begun',
    async (name) => {
      const server = await serveInMemory()
      const { connection, rest } = await beginRequest(server, '/api/auth/register', registration)
      await signal(server, name)
      await expect(call(server, '/healthz')).rejects.toThrow('fetch failed')
      const finished = timed(server.ended)
      connection.write(rest)
      expect(await connection.closed).toMatch(/HTTP\/1\.1 201 [^]+"accessToken"/)

      const { result, tookMs } = await finished
      expect(result).toEqual({ code: 0, signal: null })
      expect(tookMs).toBeLessThan(stopMs / 2)
      const events = server.logs().map(({ event }) => event)
      const sinceSignal = events.slice(events.indexOf('server.stopping'))
      expect(sinceSignal).toContain('user.created')
      expect(sinceSignal.at(-1)).toBe('server.stopped')
    },
  )

  test('an upload that never ends is given up when the grace is over', async () => {
    const server = await serveInMemory()
    const { connection } = await beginRequest(server, '/api/auth/register', registration)
    await signal(server, 'SIGTERM')
    const { result, tookMs } = await timed(server.ended)
    expect(result).toEqual({ code: 0, signal: null })
    expect(tookMs).toBeGreaterThan(stopMs / 2)
    expect(tookMs).toBeLessThan(stopMs + latenessMs)
    expect(await connection.closed).not.toMatch(/HTTP\/1\.1 2/)
  })

  test('a second signal does not wait', async () => {
    const server = await serveInMemory()
    const { connection } = await beginRequest(server, '/api/auth/register', registration)
    await signal(server, 'SIGTERM')
    const { result, tookMs } = await timed(server.stop('SIGTERM'))
    expect(result).toEqual({ code: 130, signal: null })
    expect(tookMs).toBeLessThan(stopMs / 2)
    await connection.closed
  })

  test('connections that nobody uses do not hold the server', async () => {
    const server = await serveInMemory()
    await call(server, '/healthz') // Leaves a connection open, as `fetch` does.
    const { result, tookMs } = await timed(server.stop('SIGTERM'))
    expect(result).toEqual({ code: 0, signal: null })
    expect(tookMs).toBeLessThan(stopMs / 2)
  })
})
