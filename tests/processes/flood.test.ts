import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { type Answer, login, refresh, register, tokensOf } from './client.ts'
import { createSandbox, type Server } from './sandbox.ts'

// Many more sign-ins at once than there is time to hash for, and one client that refreshes.

const sandbox = createSandbox()
const floodSize = 400
const ada = { email: 'ada@example.com', password: 'correct horse battery' }

interface Timed {
  readonly answer: Answer
  readonly tookMs: number
}

let server: Server
let logins: Timed[]
let refreshes: Timed[]

beforeAll(async () => {
  server = await sandbox.serve({ RATE_LIMITS: 'off' })
  const { refreshToken } = await register(server, ada)
  const flood = Promise.all(Array.from({ length: floodSize }, (_, number) => attempt(number)))
  refreshes = await refreshUntil(flood, refreshToken)
  logins = await flood
})

/** A third each of right passwords, wrong passwords, and users that do not exist. */
function attempt(number: number): Promise<Timed> {
  const kinds = [ada, { ...ada, password: 'wrong' }, { ...ada, email: `x${number}@example.com` }]
  return timed(login(server, kinds[number % kinds.length] ?? ada))
}

async function refreshUntil(end: Promise<unknown>, firstToken: string): Promise<Timed[]> {
  const done: Timed[] = []
  const over = new AbortController()
  void end.finally(() => over.abort())
  for (let token = firstToken; !over.signal.aborted; ) {
    const one = await timed(refresh(server, token))
    done.push(one)
    token = tokensOf(one.answer).refreshToken
  }
  return done
}

async function timed(sent: Promise<Answer>): Promise<Timed> {
  const startedMs = performance.now()
  const answer = await sent
  return { answer, tookMs: performance.now() - startedMs }
}

const median = (all: readonly Timed[]) =>
  all.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0

const withStatus = (wanted: number) => logins.filter(({ answer }) => answer.status === wanted)

test('each sign-in is answered as it should be or asked to come back, and none fails', () => {
  const answered = new Set(logins.map(({ answer }) => answer.status))
  expect(answered).toEqual(new Set([200, 401, 503]))
})

test('who is asked to come back is told when', () => {
  for (const { answer } of withStatus(503)) {
    expect(answer.body).toMatchObject({ code: 'UNAVAILABLE' })
    expect(answer.headers.get('retry-after')).toMatch(/^[1-4]$/)
  }
})

test('the time there is goes to sign-ins: many are served', () => {
  expect(withStatus(200).length + withStatus(401).length).toBeGreaterThan(5)
})

test('refreshes go on all the while, and do not wait for passwords', () => {
  expect(refreshes.length).toBeGreaterThan(5)
  const hashed = [...withStatus(200), ...withStatus(401)]
  expect(median(refreshes)).toBeLessThan(median(hashed) / 2)
})

test('afterwards a sign-in is served as before', async () => {
  expect(await login(server, ada)).toMatchObject({ status: 200 })
})

test.runIf(process.platform === 'linux')('memory stays within bounds', () => {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8')
  const peakKib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1])
  expect(peakKib / 1024).toBeLessThan(400)
})
