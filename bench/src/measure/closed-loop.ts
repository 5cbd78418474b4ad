import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type Dispatcher } from 'undici'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** One client on one connection: what it asks next may depend on what it was answered. */
export interface Visitor {
  request(): HttpRequest
  receive(answer: HttpAnswer): void
}

export interface ClosedLoopOptions {
  readonly origin: string
  /** One connection each. */
  readonly visitors: readonly Visitor[]
  /** How long a visitor rests between an answer and its next request. Default 0. */
  readonly pauseMs?: number
  /** Once aborted, nobody asks again; answers under way are waited for. */
  readonly until: AbortSignal
  /** Once aborted, answers still under way are given up. Default: never. */
  readonly patience?: AbortSignal
}

export interface LoadSample {
  /** Of the answers with a 2xx status. */
  readonly latenciesMs: readonly number[]
  /** How long each request that was given up had waited. */
  readonly abandonedMs: readonly number[]
  /** Number of answers by status, for every status that is not 2xx. */
  readonly refused: Readonly<Record<number, number>>
  /** From the first request to the last answer. */
  readonly seconds: number
}

/** Every visitor sends its next request when the last was answered, until it is over. */
export async function closedLoop(options: ClosedLoopOptions): Promise<LoadSample> {
  const log: Log = { latenciesMs: [], abandonedMs: [], refused: {} }
  if (options.patience) setMaxListeners(0, options.patience)
  const start = performance.now()
  await Promise.all(options.visitors.map((visitor) => runVisitor(visitor, options, log)))
  return { ...log, seconds: (performance.now() - start) / 1000 }
}

interface Log {
  readonly latenciesMs: number[]
  readonly abandonedMs: number[]
  readonly refused: Record<number, number>
}

async function runVisitor(
  visitor: Visitor,
  { origin, pauseMs = 0, until, patience }: ClosedLoopOptions,
  log: Log,
): Promise<void> {
  const client = new Client(origin, { headersTimeout: 120_000, bodyTimeout: 120_000 })
  try {
    while (!until.aborted) {
      await visitOnce(client, visitor, patience, log)
      if (pauseMs > 0) await sleep(pauseMs)
    }
  } finally {
    await client.destroy()
  }
}

async function visitOnce(
  client: Client,
  visitor: Visitor,
  patience: AbortSignal | undefined,
  log: Log,
): Promise<void> {
  const sentAt = performance.now()
  const answer = await send(client, visitor.request(), patience).catch((error: unknown) => {
    if (patience?.aborted) return null
    throw error
  })
  const tookMs = performance.now() - sentAt
  if (answer === null) {
    log.abandonedMs.push(tookMs)
    return
  }
  if (answer.status >= 200 && answer.status < 300) log.latenciesMs.push(tookMs)
  else log.refused[answer.status] = (log.refused[answer.status] ?? 0) + 1
  visitor.receive(answer)
}

/** Sends one request and reads the whole answer. */
export async function send(
  client: Dispatcher,
  request: HttpRequest,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  const { statusCode, headers, body } = await client.request({
    method: request.method,
    path: request.path,
    headers: request.headers,
    body: request.body ?? null,
    signal: signal ?? null,
  })
  return { status: statusCode, headers, body: await body.text() }
}
