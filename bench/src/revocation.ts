import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { median, percentile } from './measure/statistics.ts'
import type { RevocationPlan } from './plan.ts'
import { progress } from './report/progress.ts'
import { type Aim, cell, type Row, type Section, type Table } from './report/table.ts'
import { measureCapacity } from './revocation-capacity.ts'
import { measureRoutes } from './revocation-routes.ts'
import { type RedisServer, startRedis } from './servers/redis.ts'
import { type ServerProcess, startServer } from './servers/server-process.ts'
import type { WarmChecks, WarmFigures } from './servers/warm-checks.ts'

const cli = fileURLToPath(new URL('../../packages/auth/bin/countersign.js', import.meta.url))

/** From a revocation to the last service that refuses, and what looking costs each request. */
export async function benchRevocation(plan: RevocationPlan): Promise<Section> {
  const authority = await startAuthority()
  try {
    const effects = await withServices(authority, plan, (services) =>
      measureEffects(authority, services, plan),
    )
    const costs = await measureCosts(plan)
    const redis = await startRedis()
    if (!redis) progress('revocation · no Redis here: its row is left out')
    const { origin, client } = authority
    const tokens = await Promise.all(
      Array.from({ length: 50 }, async () => (await signUp(origin)).accessToken),
    )
    const routes = await measureRoutes({ origin, client, tokens, redis }, plan)
    const capacity = measureCapacity(plan.entries)
    const logout = effects.get('logout') ?? []
    const { accessTokenSeconds } = authority
    const ways = [
      { name: 'expiry alone', cost: costs.byExpiry, effect: [accessTokenSeconds * 1000] },
      { name: 'countersign', cost: costs.following, effect: logout },
      ...(await measureWays(authority, plan, redis)),
    ]
    await redis?.stop()
    return {
      tables: [
        effectTable(effects, plan),
        costs.table,
        waysTable(ways),
        routes.table,
        capacity.table,
      ],
      aims: [
        under('logout until the last service refuses, p99', percentile(logout, 99), 100, 'ms'),
        under('any cause until the last service refuses, longest', longest(effects), 1000, 'ms'),
        ...costs.aims,
        ...routes.aims,
        ...capacity.aims,
      ],
    }
  } finally {
    await authority.server.stop()
  }
}

/** They are gone before anything else is measured. */
async function withServices<Result>(
  authority: Authority,
  plan: RevocationPlan,
  measure: (services: readonly ChildProcess[]) => Promise<Result>,
): Promise<Result> {
  const services = await startServices(authority, plan.services)
  try {
    return await measure(services)
  } finally {
    const ended = services.map((service) => once(service, 'exit'))
    for (const service of services) service.kill('SIGKILL')
    await Promise.all(ended)
  }
}

interface Authority {
  readonly server: ServerProcess
  readonly origin: string
  readonly databasePath: string
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  /** An access token. */
  admin: string
  readonly accessTokenSeconds: number
}

const password = 'violet harbour lantern'
const adminEmail = 'admin@example.com'

async function startAuthority(): Promise<Authority> {
  let databasePath = ''
  const server = await startServer({
    name: 'countersign',
    args: [cli, 'serve'],
    env: (folder, origin) => {
      databasePath = join(folder, 'db.sqlite')
      return {
        DATABASE_URL: `sqlite:${databasePath}`,
        ISSUER: origin,
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'error',
      }
    },
  })
  const environment = { DATABASE_URL: `sqlite:${databasePath}`, ISSUER: server.origin }
  const command = (...args: string[]) =>
    execFileSync(process.execPath, [cli, ...args], { env: environment, encoding: 'utf8' })
  const email = adminEmail
  command('users', 'create', '--email', email, '--role', 'admin', '--password', password)
  const scopes = ['revocations:read', 'tokens:introspect']
  const client = JSON.parse(command('clients', 'create', 'bench', ...scopes, '--json'))
  const { origin } = server
  const { accessToken: admin, expiresIn: accessTokenSeconds } = await send(
    origin,
    'POST',
    '/login',
    { body: { email, password } },
  )
  return { server, origin, databasePath, client, admin, accessTokenSeconds }
}

async function startServices(authority: Authority, count: number): Promise<ChildProcess[]> {
  progress(`revocation · starting ${count} services`)
  const { origin, client } = authority
  const path = fileURLToPath(new URL('servers/following-service.ts', import.meta.url))
  const env = {
    ISSUER: origin,
    HUB: origin,
    CLIENT_ID: client.clientId,
    CLIENT_SECRET: client.clientSecret,
  }
  const services: ChildProcess[] = []
  for (let index = 0; index < count; index++) {
    const service = fork(path, { env })
    await once(service, 'message')
    services.push(service)
  }
  return services
}

interface Person {
  readonly id: string
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
}

let people = 0

async function signUp(origin: string): Promise<Person> {
  const body = { email: `p${++people}@example.com`, password, transport: 'body' }
  const { user, ...tokens } = await send(origin, 'POST', '/register', { body })
  return { id: user.id, ...tokens }
}

type Cause = (authority: Authority, person: Person) => Promise<unknown>

const causes: Readonly<Record<string, Cause>> = {
  logout: ({ origin }, { refreshToken }) =>
    send(origin, 'POST', '/logout', { body: { refreshToken } }),
  'new password': ({ origin }, { accessToken: token }) =>
    send(origin, 'POST', '/password/change', {
      token,
      body: { currentPassword: password, newPassword: `${password} two` },
    }),
  block: ({ origin, admin: token }, { id }) =>
    send(origin, 'PATCH', `/admin/users/${id}`, { token, body: { status: 'blocked' } }),
  'other roles': ({ origin, admin: token }, { id }) =>
    send(origin, 'PATCH', `/admin/users/${id}`, { token, body: { roles: [] } }),
  'a stolen refresh token': async ({ origin }, { refreshToken }) => {
    await refresh(origin, refreshToken, 'key-of-the-owner')
    await refresh(origin, refreshToken, 'key-of-the-thief')
  },
}

async function refresh(origin: string, refreshToken: string, key: string): Promise<void> {
  const answer = await fetch(`${origin}/api/auth/refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ refreshToken }),
  })
  await answer.arrayBuffer()
}

/** Takes every token there is, the administrator's too: another is signed in. */
async function revokeKey(authority: Authority): Promise<void> {
  const { origin } = authority
  const { keys } = (await (await fetch(`${origin}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[]
  }
  for (const { kid } of keys) {
    await send(origin, 'POST', `/admin/keys/${kid}/revoke`, { token: authority.admin, body: {} })
  }
  const body = { email: adminEmail, password }
  authority.admin = (await send(origin, 'POST', '/login', { body })).accessToken
}

/** Wrong sign-ins, so many at once that hashing them takes all there is. */
function startFlood(origin: string): { stop(): Promise<void> } {
  const end = new AbortController()
  const guess = async () => {
    while (!end.signal.aborted) {
      const body = JSON.stringify({ identifier: adminEmail, password: 'not the password' })
      const headers = { 'content-type': 'application/json' }
      await fetch(`${origin}/api/auth/login`, { method: 'POST', headers, body })
        .then((answer) => answer.arrayBuffer())
        .catch(() => {})
    }
  }
  const guessers = Array.from({ length: 50 }, guess)
  return {
    async stop() {
      end.abort()
      await Promise.all(guessers)
    },
  }
}

/** Milliseconds from the call that revokes until the last service refuses, by cause. */
async function measureEffects(
  authority: Authority,
  services: readonly ChildProcess[],
  { revocations }: RevocationPlan,
): Promise<Map<string, number[]>> {
  const effects = new Map<string, number[]>(Object.keys(causes).map((name) => [name, []]))
  for (let round = 0; round < revocations; round++) {
    for (const [name, cause] of Object.entries(causes)) {
      progress(`revocation · ${name}, ${round + 1} of ${revocations}`)
      effects.get(name)?.push(await measureEffect(authority, services, cause))
    }
  }
  effects.set(
    'logout, during a flood of sign-ins',
    await underFlood(authority, services, revocations),
  )
  // Services ask for unknown keys every ten seconds at most: they are few.
  const byKey: number[] = []
  for (let round = 0; round < Math.min(revocations, 5); round++) {
    progress(`revocation · a signing key, ${round + 1}`)
    byKey.push(await measureEffect(authority, services, revokeKey))
  }
  effects.set('a signing key', byKey)
  return effects
}

async function underFlood(
  authority: Authority,
  services: readonly ChildProcess[],
  revocations: number,
): Promise<number[]> {
  const logout = causes['logout']
  if (!logout) throw new Error('there is no logout')
  const tookMs: number[] = []
  for (let round = 0; round < revocations; round++) {
    progress(`revocation · logout during a flood, ${round + 1} of ${revocations}`)
    // Signing up hashes, too: the flood begins when that is done.
    let flood: ReturnType<typeof startFlood> | undefined
    tookMs.push(
      await measureEffect(authority, services, logout, async () => {
        flood = startFlood(authority.origin)
        await sleep(200)
      }),
    )
    await flood?.stop()
  }
  return tookMs
}

async function measureEffect(
  authority: Authority,
  services: readonly ChildProcess[],
  cause: Cause,
  before?: () => Promise<void>,
): Promise<number> {
  const person = await signUp(authority.origin)
  await Promise.all(
    services.map(async (service) => {
      service.send(person.accessToken)
      const [{ isGood }] = (await once(service, 'message')) as [{ isGood?: boolean }]
      if (isGood !== true) throw new Error('a service refuses a good token')
    }),
  )
  const refusals = services.map(async (service) => {
    const [{ refusedAt = 0 }] = (await once(service, 'message')) as [{ refusedAt?: number }]
    return refusedAt
  })
  await before?.()
  const startedAt = Number(process.hrtime.bigint()) / 1e6
  await cause(authority, person)
  return Math.max(...(await Promise.all(refusals))) - startedAt
}

interface Costs {
  readonly table: Table
  readonly aims: readonly Aim[]
  /** Microseconds a check of 1,000 tokens, a figure a round. */
  readonly byExpiry: readonly number[]
  readonly following: readonly number[]
}

/** What following the ledger adds to verifying, in a process that does nothing else. */
async function measureCosts({ rounds }: RevocationPlan): Promise<Costs> {
  progress('revocation · cost of a check')
  const program = fileURLToPath(new URL('servers/warm-checks.ts', import.meta.url))
  const child = fork(program, [String(rounds)])
  const [figures] = (await once(child, 'message')) as [WarmChecks]
  const { byExpiry, following } = figures
  const toRow = (contender: string, { few, many }: WarmFigures): Row => ({
    contender,
    cells: { few: cell(few, byExpiry.few), many: cell(many, byExpiry.many) },
  })
  return {
    byExpiry: byExpiry.few,
    following: following.few,
    table: {
      key: 'revocation-cost',
      title: 'checking a token that was checked before; × is against expiry alone',
      columns: [
        { key: 'few', title: 'of 1,000 tokens', unit: 'µs' },
        { key: 'many', title: 'of 10,000 tokens', unit: 'µs' },
      ],
      rows: [
        toRow('by expiry alone', byExpiry),
        toRow('following the ledger, 100,000 entries', following),
      ],
    },
    aims: [
      under('a check with the ledger, of 1,000 tokens', median(following.few), 0.5, 'µs'),
      under('a check with the ledger, of 10,000 tokens', median(following.many), 2.5, 'µs'),
    ],
  }
}

/** A way to hear of a logout, and what it comes to. */
interface Way {
  readonly name: string
  /** Microseconds a request, a figure a round. */
  readonly cost: readonly number[]
  /** Milliseconds from the call that revokes until the service refuses, a figure a round. */
  readonly effect: readonly number[]
}

type IsGood = (person: Person) => Promise<boolean> | boolean

/** What services do instead: ask each time, or look into the table each time. */
async function measureWays(
  authority: Authority,
  { rounds }: RevocationPlan,
  redis: RedisServer | null,
): Promise<Way[]> {
  const { origin, client, databasePath } = authority
  const authorization = `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}`
  const introspect: IsGood = async ({ accessToken }) => {
    const answer = await fetch(`${origin}/api/auth/introspect`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ token: accessToken }),
    })
    return ((await answer.json()) as { active: boolean }).active
  }
  const database = new Database(databasePath, { readonly: true })
  const select = database.prepare<[string], { status: string }>(
    'SELECT status FROM sessions WHERE id = ?',
  )
  const look: IsGood = ({ sessionId }) => select.get(sessionId)?.status === 'active'
  const ways: readonly WayToAsk[] = [
    { name: 'introspection per request', isGood: introspect, calls: 200 },
    { name: 'session row per request, SQLite on this machine', isGood: look, calls: 5000 },
    ...(redis ? [denylist(redis)] : []),
  ]
  const measured: Way[] = []
  for (const { name, isGood, calls, onLogout } of ways) {
    progress(`revocation · ${name}`)
    const [cost, effect]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      const person = await signUp(origin)
      cost.push(await microsecondsEach(calls, () => isGood(person)))
      effect.push(await millisecondsUntilRefused(authority, person, { isGood, onLogout }))
    }
    measured.push({ name, cost, effect })
  }
  database.close()
  return measured
}

interface WayToAsk {
  readonly name: string
  readonly isGood: IsGood
  readonly calls: number
  /** What whoever signs somebody out does besides. */
  readonly onLogout?: ((person: Person) => Promise<unknown>) | undefined
}

/** As many apps do: the id of what was revoked, until its last token has expired. */
function denylist({ client }: RedisServer): WayToAsk {
  const keyOf = ({ sessionId }: Person) => `denied:${sessionId}`
  return {
    name: 'Redis denylist per request, on this machine',
    isGood: async (person) => (await client.exists(keyOf(person))) === 0,
    calls: 5000,
    onLogout: (person) => client.set(keyOf(person), '1', 'EX', 900),
  }
}

async function millisecondsUntilRefused(
  authority: Authority,
  person: Person,
  { isGood, onLogout }: Pick<WayToAsk, 'isGood' | 'onLogout'>,
): Promise<number> {
  const start = performance.now()
  const revoking = Promise.resolve(causes['logout']?.(authority, person)).then(() =>
    onLogout?.(person),
  )
  while (await isGood(person)) await setImmediate()
  const elapsed = performance.now() - start
  await revoking
  return elapsed
}

async function microsecondsEach(count: number, call: () => unknown): Promise<number> {
  const start = performance.now()
  for (let index = 0; index < count; index++) await call()
  return ((performance.now() - start) * 1000) / count
}

function effectTable(
  effects: ReadonlyMap<string, readonly number[]>,
  { services }: RevocationPlan,
): Table {
  return {
    key: 'revocation-effect',
    title: `from the call that revokes until the last of ${services} services refuses`,
    columns: [
      { key: 'p50', title: 'p50', unit: 'ms' },
      { key: 'p99', title: 'p99', unit: 'ms' },
      { key: 'max', title: 'longest', unit: 'ms' },
    ],
    rows: [...effects].map(([contender, values]) => ({
      contender,
      cells: {
        p50: cell([median(values)]),
        p99: cell([percentile(values, 99)]),
        max: cell([Math.max(...values)]),
      },
      remark: `${values.length} revocations`,
    })),
  }
}

function waysTable(ways: readonly Way[]): Table {
  return {
    key: 'revocation-ways',
    title: 'hearing of a logout: what it costs each request, and how long it takes',
    columns: [
      { key: 'cost', title: 'a request', unit: 'µs' },
      { key: 'effect', title: 'until it is refused', unit: 'ms' },
    ],
    rows: ways.map(({ name, cost, effect }) => ({
      contender: name,
      cells: { cost: cell(cost), effect: cell(effect) },
    })),
  }
}

function under(claim: string, measured: number, limit: number, unit: string): Aim {
  return {
    claim,
    limit: `≤ ${limit} ${unit}`,
    measured: `${measured.toFixed(2)} ${unit}`,
    isMet: measured <= limit,
  }
}

function longest(effects: ReadonlyMap<string, readonly number[]>): number {
  return Math.max(...[...effects.values()].flat())
}

/** What answers hold, as far as it is read here. */
interface Answer {
  readonly accessToken: string
  readonly sessionId: string
  readonly expiresIn: number
  readonly refreshToken: string
  readonly user: { readonly id: string }
}

async function send(
  origin: string,
  method: string,
  path: string,
  { token, body }: { readonly token?: string; readonly body: object },
): Promise<Answer> {
  const answer = await fetch(`${origin}/api/auth${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}`)
  return (answer.status === 204 ? {} : await answer.json()) as Answer
}
