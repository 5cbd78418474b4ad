import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { interleave } from './measure/interleave.ts'
import { median } from './measure/statistics.ts'
import type { RevocationPlan } from './plan.ts'
import { progress } from './report/progress.ts'
import { type Aim, cell, type Table } from './report/table.ts'
import { type RedisServer } from './servers/redis.ts'
import { type ServerProcess, startServer } from './servers/server-process.ts'

const program = fileURLToPath(new URL('rivals/routes/revocable-server.ts', import.meta.url))

/** Whose tokens are checked, and with whose help. */
export interface RouteWorld {
  readonly origin: string
  readonly client: { readonly clientId: string; readonly clientSecret: string }
  readonly tokens: readonly string[]
  readonly redis: RedisServer | null
}

/** Requests a second that a protected route answers when it has all the machine, by its way. */
export async function measureRoutes(
  world: RouteWorld,
  { rounds, routeSeconds }: RevocationPlan,
): Promise<{ table: Table; aims: readonly Aim[] }> {
  const ways = [
    { name: 'expiry alone', way: 'expiry' },
    { name: 'countersign, strict', way: 'ledger' },
    { name: 'introspection per request', way: 'introspection' },
    ...(world.redis ? [{ name: 'Redis denylist per request', way: 'redis' }] : []),
  ]
  const servers = new Map<string, ServerProcess>()
  try {
    for (const { name, way } of ways) servers.set(name, await start(world, way))
    const contenders = ways.map(({ name }) => ({
      name,
      measure: () => load(name, servers.get(name)?.origin ?? '', world.tokens, routeSeconds),
    }))
    for (const { measure } of contenders) await measure()
    const timeIsUp = AbortSignal.timeout(10 * 60_000)
    return toTable(await interleave(contenders, { rounds, timeIsUp }))
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()))
  }
}

function start({ origin, client, redis }: RouteWorld, way: string): Promise<ServerProcess> {
  return startServer({
    name: way,
    args: [program],
    env: () => ({
      NODE_ENV: 'production',
      WAY: way,
      ISSUER: origin,
      CLIENT_ID: client.clientId,
      CLIENT_SECRET: client.clientSecret,
      REDIS_SOCKET: redis?.socket ?? '',
    }),
  })
}

async function load(
  name: string,
  origin: string,
  tokens: readonly string[],
  seconds: number,
): Promise<number> {
  progress(`revocation · requests, ${name}`)
  const result = await autocannon({
    url: `${origin}/me`,
    connections: 16,
    duration: seconds,
    requests: tokens.map((token) => ({ headers: { authorization: `Bearer ${token}` } })),
  })
  // A service that has just started may not have its first copy yet.
  if (result.errors > 0) throw new Error(`${name}: ${result.errors} errors`)
  return result['2xx'] / result.duration
}

function toTable(rounds: ReadonlyMap<string, readonly number[]>): {
  table: Table
  aims: readonly Aim[]
} {
  const baseline = rounds.get('expiry alone') ?? []
  const ours = rounds.get('countersign, strict') ?? []
  const share = median(ours) / median(baseline)
  return {
    table: {
      key: 'revocation-routes',
      title: 'a protected route in Express at saturation; × is against expiry alone',
      columns: [{ key: 'perSecond', title: '', unit: 'requests/s' }],
      rows: [...rounds].map(([contender, values]) => ({
        contender,
        cells: { perSecond: cell(values, baseline) },
      })),
    },
    aims: [
      {
        claim: 'requests a second with the ledger, against expiry alone',
        limit: '≥ 0.95 ×',
        measured: `${share.toFixed(2)} ×`,
        isMet: share >= 0.95,
      },
    ],
  }
}
