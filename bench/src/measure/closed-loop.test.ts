import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type ClosedLoopOptions, closedLoop, type Visitor } from './closed-loop.ts'

const askAgain: Visitor = {
  request: () => ({ method: 'GET', path: '/', headers: {} }),
  receive: () => undefined,
}

test('a visitor sees its answer before it asks again', async () => {
  let answered = 0
  const asked: string[] = []
  const end = new AbortController()
  const counting: Visitor = {
    request: () => ({ method: 'GET', path: `/${answered}`, headers: {} }),
    receive: () => void answered++,
  }
  const listener: RequestListener = (req, res) => {
    if (asked.push(req.url ?? '') === 3) end.abort()
    res.end()
  }
  await load([counting], listener, { until: end.signal })
  expect(asked).toEqual(['/0', '/1', '/2'])
})

test('an answer that is not 2xx is refused, not a success', async () => {
  const sample = await load([askAgain], (_, res) => void res.writeHead(503).end())
  expect(sample.latenciesMs.length).toBe(0)
  expect(sample.refused[503]).toBeGreaterThan(0)
})

test('a request under way at the end is waited for', async () => {
  const sample = await load([askAgain], (_, res) => void setTimeout(() => res.end(), 150))
  expect(sample.latenciesMs.length).toBe(1)
  expect(sample.seconds).toBeGreaterThan(0.14)
})

test('a request that is given up counts with the time it has waited', async () => {
  const patience = AbortSignal.timeout(300)
  const sample = await load([askAgain], () => undefined, { patience })
  expect(sample.latenciesMs.length).toBe(0)
  expect(sample.abandonedMs[0]).toBeGreaterThan(100)
})

test('every visitor has a connection of its own', async () => {
  const ports = new Set<number | undefined>()
  await load([askAgain, askAgain, askAgain], (req, res) => {
    ports.add(req.socket.remotePort)
    res.end()
  })
  expect(ports.size).toBe(3)
})

test('a visitor rests between an answer and its next request', async () => {
  const sample = await load([askAgain], (_, res) => void res.end(), { pauseMs: 200 })
  expect(sample.latenciesMs.length).toBe(1)
})

test('a server that hangs up fails the run', async () => {
  await expect(load([askAgain], (req) => void req.socket.destroy())).rejects.toThrow()
})

async function load(
  visitors: readonly Visitor[],
  listener: RequestListener,
  options: Partial<ClosedLoopOptions> = {},
) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    return await closedLoop({ origin, visitors, until: AbortSignal.timeout(50), ...options })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
