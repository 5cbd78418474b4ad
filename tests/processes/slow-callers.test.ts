import { beforeAll, expect, test, vi } from 'vitest'
import { call } from './client.ts'
import { beginRequest, connect } from './connection.ts'
import { createSandbox, type Server } from './sandbox.ts'

// Callers that send too much, too slowly, or nothing. All at the same time: they wait for the
// time-outs of the server.

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

/** What the server grants, and how much later a busy machine may notice. */
const headersMs = 10_000
const requestMs = 30_000
const latenessMs = 15_000

const sandbox = createSandbox()
let server: Server

beforeAll(async () => {
  server = await sandbox.serve({ DATABASE_URL: 'sqlite::memory:' })
})

async function msUntil(event: Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await event
  return performance.now() - startedMs
}

test.concurrent('headers that never end are cut off, and hold up nobody', async () => {
  const slow = await connect(server)
  slow.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n')
  const drip = setInterval(() => slow.write('X-Slow: 1\r\n'), 500)
  const cutOff = msUntil(slow.closed)
  expect(await call(server, '/healthz')).toMatchObject({ status: 200 })
  const tookMs = await cutOff
  clearInterval(drip)
  expect(tookMs).toBeGreaterThan(headersMs / 2)
  expect(tookMs).toBeLessThan(headersMs + latenessMs)
})

test.concurrent('a body that never ends is cut off', async () => {
  const login = { email: 'ada@example.com', password: 'correct horse battery' }
  const { connection } = await beginRequest(server, '/api/auth/login', login)
  const tookMs = await msUntil(connection.closed)
  expect(tookMs).toBeGreaterThan(requestMs / 2)
  expect(tookMs).toBeLessThan(requestMs + latenessMs)
})

test.concurrent('a connection that says nothing is cut off', async () => {
  const silent = await connect(server)
  expect(await msUntil(silent.closed)).toBeLessThan(requestMs + latenessMs)
})

test.concurrent('a body of 1 MB in chunks, which says nothing of its length, is refused', async () => {
  const big = await connect(server)
  big.write('POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n')
  big.write('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = 'x'.repeat(16_384)
  for (let count = 0; count < 64; count++) {
    big.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
  }
  expect(await big.receives(/BODY_TOO_LARGE/)).toMatch(/^HTTP\/1\.1 413 /)
})
