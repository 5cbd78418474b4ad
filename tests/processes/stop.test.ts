import { expect, test, vi } from 'vitest'
import { call } from './client.ts'
import { beginRequest } from './connection.ts'
import { createSandbox, logged, type Server } from './sandbox.ts'

// Starting a process takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const sandbox = createSandbox()

/** As long as requests under way may take once the server stops, and as a busy machine adds. */
const graceMs = { exact: 10_000, atMost: 20_000 }

const registration = { email: 'ada@example.com', password: 'correct horse battery' }

function serveInMemory(): Promise<Server> {
  return sandbox.serve({ DATABASE_URL: 'sqlite::memory:' })
}

function signal(server: Server, name: NodeJS.Signals): Promise<unknown> {
  server.child.kill(name)
  return logged(server, ({ event }) => event === 'server.stopping')
}

async function timed<T>(work: Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startedMs = performance.now()
  const result = await work
  return { result, tookMs: performance.now() - startedMs }
}

test.concurrent.each(['SIGTERM', 'SIGINT'] as const)(
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
    expect(tookMs).toBeLessThan(graceMs.exact / 2)
    const events = server.logs().map(({ event }) => event)
    const sinceSignal = events.slice(events.indexOf('server.stopping'))
    expect(sinceSignal).toContain('user.created')
    expect(sinceSignal.at(-1)).toBe('server.stopped')
  },
)

test.concurrent('an upload that never ends is given up when the grace is over', async () => {
  const server = await serveInMemory()
  const { connection } = await beginRequest(server, '/api/auth/register', registration)
  await signal(server, 'SIGTERM')
  const { result, tookMs } = await timed(server.ended)
  expect(result).toEqual({ code: 0, signal: null })
  expect(tookMs).toBeGreaterThan(graceMs.exact / 2)
  expect(tookMs).toBeLessThan(graceMs.atMost)
  expect(await connection.closed).not.toMatch(/HTTP\/1\.1 2/)
})

test.concurrent('a second signal does not wait', async () => {
  const server = await serveInMemory()
  const { connection } = await beginRequest(server, '/api/auth/register', registration)
  await signal(server, 'SIGTERM')
  const { result, tookMs } = await timed(server.stop('SIGTERM'))
  expect(result).toEqual({ code: 130, signal: null })
  expect(tookMs).toBeLessThan(graceMs.exact / 2)
  await connection.closed
})

test.concurrent('connections that nobody uses do not hold the server', async () => {
  const server = await serveInMemory()
  await call(server, '/healthz') // Leaves a connection open, as `fetch` does.
  const { result, tookMs } = await timed(server.stop('SIGTERM'))
  expect(result).toEqual({ code: 0, signal: null })
  expect(tookMs).toBeLessThan(graceMs.exact / 2)
})
