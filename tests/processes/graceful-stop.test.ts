import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { anyTestServer, makeDatabase } from '../postgres-server/test-databases.ts'
import { call, post, type Target } from './client.ts'
import { beginRequest, type Connection, connect } from './connection.ts'
import { createSandbox, type Environment, logged, type Server } from './sandbox.ts'

// A deployment sends SIGTERM to one instance after another, under load. Nobody may notice: whoever
// was being answered is answered, and whoever comes later is refused at once and asks another one.

/** What a server that stops takes at most, as docs/guide/operating.md says. */
const stopMs = 10_000
const holdMs = 1000
const metricsToken = 'a-token-for-metrics'

const sandbox = createSandbox()
const environment: Environment = {
  RATE_LIMITS: 'off',
  SECURITY_EVENTS: 'on',
  METRICS_TOKEN: metricsToken,
  ...(inject('store') === 'postgres' && {
    DATABASE_URL: await makeDatabase(anyTestServer()),
    COUNTERSIGN_SECRET: randomBytes(32).toString('hex'),
  }),
}

/** A service that may read the ledger and receive events. @returns Its `Authorization`. */
async function makeService(): Promise<string> {
  const scopes = ['revocations:read', 'ssf.manage']
  const args = ['clients', 'create', 'service', ...scopes, '--json']
  const { stdout, stderr, code } = await sandbox.run({ environment, args })
  if (code !== 0) throw new Error(stderr)
  const { clientId, clientSecret } = JSON.parse(stdout) as Record<string, string>
  return `Basic ${btoa(`${clientId}:${clientSecret}`)}`
}

async function countHeld(server: Target): Promise<number> {
  const authorization = `Bearer ${metricsToken}`
  const answer = await fetch(`${server.url}/metrics`, { headers: { authorization } })
  const text = await answer.text()
  return Number(/^countersign_feed_waiting_polls (\d+)$/m.exec(text)?.[1])
}

/** Polls of the feed, each on a connection of its own, all of them held at this moment. */
async function holdPolls(server: Target, authorization: string): Promise<Connection[]> {
  const headers = { authorization }
  const { body } = await call(server, '/api/auth/revocations/snapshot', { headers })
  const path = `/api/auth/revocations/feed?cursor=${String(body?.['cursor'])}&hold=${holdMs}`
  const head = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`
  // On a busy machine the first may be over before the last is there.
  for (;;) {
    const connections = await Promise.all(Array.from({ length: 8 }, () => connect(server)))
    for (const connection of connections) connection.write(head)
    for (let looks = 0; looks < 10; looks++) {
      if ((await countHeld(server)) === connections.length) return connections
    }
    await sleep(holdMs)
  }
}

/** Begins to receive events; there are none. */
async function holdPollOfEvents(server: Target, authorization: string): Promise<Connection> {
  const headers = { authorization }
  const delivery = { method: 'urn:ietf:rfc:8936' }
  const made = await post(server, '/ssf/streams', { delivery }, { headers })
  expect(made).toMatchObject({ status: 201 })
  const connection = await connect(server)
  const { pathname } = new URL(
    (made.body as { delivery: { endpoint_url: string } }).delivery.endpoint_url,
  )
  connection.write(
    `POST ${pathname} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
  )
  return connection
}

async function tellToStop(server: Server): Promise<void> {
  server.child.kill('SIGTERM')
  await logged(server, ({ event }) => event === 'server.stopping')
}

test('on SIGTERM polls that are held are answered, what is under way is finished, nobody else comes in', async () => {
  const server = await sandbox.serve(environment)
  const authorization = await makeService()
  const registration = { email: 'ada@example.com', password: 'violet harbour lantern' }
  const body = { ...registration, transport: 'body' }
  const underWay = await beginRequest(server, '/api/auth/register', body)
  const events = await holdPollOfEvents(server, authorization)
  const polls = await holdPolls(server, authorization)

  const signalledAt = performance.now()
  await tellToStop(server)
  const answers = await Promise.all(polls.map(({ closed }) => closed))
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]+\r\nconnection: close\r\n/i)
    const { held_ms: heldMs, entries } = JSON.parse(lastLine(answer)) as Record<string, unknown>
    expect(entries).toEqual([])
    expect(heldMs).toBeLessThan(holdMs)
  }
  const ofEvents = await events.closed
  expect(ofEvents).toMatch(/^HTTP\/1\.1 200 /)
  expect(lastLine(ofEvents)).toBe('{"sets":{}}')
  // It would have been held for ten seconds.
  expect(performance.now() - signalledAt).toBeLessThan(stopMs / 2)
  await expect(connect(server)).rejects.toMatchObject({ code: 'ECONNREFUSED' })

  underWay.connection.write(underWay.rest)
  expect(await underWay.connection.closed).toMatch(/HTTP\/1\.1 201 [^]+"accessToken"/)
  expect(await server.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - signalledAt).toBeLessThan(stopMs)
  expect(server.logs().at(-1)).toMatchObject({ event: 'server.stopped' })
  expect(server.logs().filter(({ level }) => level !== 'info')).toEqual([])
})

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1)
}

test('who asks again without a pause does not keep a server from stopping', async () => {
  const server = await sandbox.serve(environment)
  const isAnswered = () =>
    fetch(`${server.url}/healthz`).then(
      () => true,
      () => false,
    )
  const insist = async () => {
    while (await isAnswered());
  }
  const insisting = Promise.all([insist(), insist(), insist(), insist()])
  await sleep(200)
  const signalledAt = performance.now()
  await tellToStop(server)
  expect(await server.ended).toEqual({ code: 0, signal: null })
  expect(performance.now() - signalledAt).toBeLessThan(stopMs / 2)
  await insisting
})
