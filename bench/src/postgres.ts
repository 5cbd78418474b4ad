import { closedLoop, type Visitor } from './measure/closed-loop.ts'
import { interleave } from './measure/interleave.ts'
import { median, percentile } from './measure/statistics.ts'
import type { PostgresPlan } from './plan.ts'
import { progress } from './report/progress.ts'
import { type Aim, cell, type Section, type Table } from './report/table.ts'
import type { AccountService } from './rivals/account-service.ts'
import { betterAuthOnPostgres } from './rivals/better-auth.ts'
import { countersignOnPostgres } from './rivals/countersign.ts'
import { newLogins, registerAll, signedIn } from './rivals/visitors.ts'
import { ask, type BenchPostgres, startBenchPostgres } from './servers/postgres.ts'
import type { ServerProcess } from './servers/server-process.ts'

/** Refreshing on PostgreSQL: against a rival, by two instances, and as the table grows. */
export async function benchPostgres(plan: PostgresPlan): Promise<Section> {
  const postgres = await startBenchPostgres()
  try {
    const rates = await measureRates(postgres, plan)
    const growth = await measureGrowth(postgres, plan)
    return {
      tables: [rates.table, growth.latencies, growth.sizes],
      aims: [...rates.aims, ...growth.aims],
    }
  } finally {
    await postgres.stop()
  }
}

interface Round {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** Servers that share one database, with people who are signed in there. */
interface Stage {
  readonly name: string
  readonly servers: readonly ServerProcess[]
  readonly visitors: readonly Visitor[]
}

async function openStage(
  name: string,
  services: readonly AccountService[],
  people: number,
): Promise<Stage> {
  progress(`postgres · preparing ${name}`)
  const servers: ServerProcess[] = []
  for (const service of services) servers.push(await service.start())
  const [service] = services
  const [first] = servers
  if (!service || !first) throw new Error('nobody serves')
  const logins = newLogins('refresh', people)
  await registerAll(service, first.origin, logins)
  return { name, servers, visitors: await signedIn(service, first.origin, logins) }
}

/** Each server gets its share of the visitors, as behind a balancer. */
async function load(stage: Stage, connections: number, durationMs: number): Promise<Round> {
  const until = AbortSignal.timeout(durationMs)
  const visitors = stage.visitors.slice(0, connections)
  const samples = await Promise.all(
    stage.servers.map(({ origin }, index) =>
      closedLoop({
        origin,
        visitors: visitors.filter((_, at) => at % stage.servers.length === index),
        until,
      }),
    ),
  )
  const latencies = samples.flatMap(({ latenciesMs }) => latenciesMs)
  const refused = samples.flatMap((sample) => Object.entries(sample.refused))
  if (latencies.length === 0 || refused.length > 0) {
    throw new Error(
      `${stage.name}: ${latencies.length} answers, refused ${JSON.stringify(refused)}`,
    )
  }
  return {
    perSecond: latencies.length / Math.max(...samples.map(({ seconds }) => seconds)),
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  }
}

async function stop(stages: readonly Stage[]): Promise<void> {
  await Promise.all(stages.flatMap(({ servers }) => servers.map((server) => server.stop())))
}

async function measureRates(
  postgres: BenchPostgres,
  plan: PostgresPlan,
): Promise<{ table: Table; aims: Aim[] }> {
  const people = Math.max(...plan.connections)
  const stages: Stage[] = []
  try {
    const [one, two] = [await postgres.make('one'), await postgres.make('two')]
    stages.push(await openStage('countersign', [countersignOnPostgres(one)], people))
    const pair = [countersignOnPostgres(two), countersignOnPostgres(two)]
    stages.push(await openStage('countersign, two instances', pair, people))
    const theirs = betterAuthOnPostgres(await postgres.make('theirs'))
    stages.push(await openStage(theirs.name, [theirs], people))

    for (const stage of stages) await load(stage, 8, 1000)
    const rows: Table['rows'][number][] = []
    const best = new Map<string, Round[]>()
    for (const connections of plan.connections) {
      progress(`postgres · refresh, ${connections} connections`)
      const contenders = stages.map((stage) => ({
        name: stage.name,
        measure: () => load(stage, connections, plan.durationMs),
      }))
      const timeIsUp = AbortSignal.timeout(plan.maxSeconds * 1000)
      const rounds = await interleave(contenders, { rounds: plan.rounds, timeIsUp })
      for (const [contender, samples] of rounds) {
        if (isFaster(samples, best.get(contender))) best.set(contender, [...samples])
        rows.push({
          contender,
          setting: String(connections),
          cells: {
            perSecond: cell(samples.map(({ perSecond }) => perSecond)),
            p50: cell(samples.map(({ p50 }) => p50)),
            p99: cell(samples.map(({ p99 }) => p99)),
          },
        })
      }
    }
    return { table: rateTable(postgres, rows), aims: rateAims(best, theirs.name) }
  } finally {
    await stop(stages)
  }
}

const rateOf = (rounds: readonly Round[] | undefined) =>
  rounds ? median(rounds.map(({ perSecond }) => perSecond)) : 0

function isFaster(rounds: readonly Round[], best: readonly Round[] | undefined): boolean {
  return rateOf(rounds) > rateOf(best)
}

function rateTable({ description }: BenchPostgres, rows: Table['rows']): Table {
  return {
    key: 'postgres-refresh',
    title: `refresh on ${description}, the server on the same machine`,
    settingTitle: 'connections',
    columns: [
      { key: 'perSecond', title: '', unit: 'requests/s' },
      { key: 'p50', title: 'p50', unit: 'ms' },
      { key: 'p99', title: 'p99', unit: 'ms' },
    ],
    rows,
  }
}

function rateAims(best: ReadonlyMap<string, readonly Round[]>, theirName: string): Aim[] {
  const ours = best.get('countersign') ?? []
  const pair = best.get('countersign, two instances') ?? []
  const rate = Math.max(rateOf(ours), rateOf(pair))
  const p99 = median(ours.map((round) => round.p99))
  const times = rate / rateOf(best.get(theirName))
  return [
    {
      claim: 'refreshes a second on PostgreSQL, the best of one and two instances',
      limit: '≥ 1,500',
      measured: rate.toFixed(0),
      isMet: rate >= 1500,
    },
    {
      claim: 'refresh p99 at that load, one instance',
      limit: '< 20 ms',
      measured: `${p99.toFixed(1)} ms`,
      isMet: p99 < 20,
    },
    {
      claim: 'refreshes a second against better-auth’s session refresh on the same PostgreSQL',
      limit: '≥ 5 ×',
      measured: `${times.toFixed(1)} ×`,
      isMet: times >= 5,
    },
  ]
}

interface Growth {
  readonly latencies: Table
  readonly sizes: Table
  readonly aims: Aim[]
}

/** One database that is filled up, and measured at each size. */
async function measureGrowth(postgres: BenchPostgres, plan: PostgresPlan): Promise<Growth> {
  const url = await postgres.make('growing')
  const service = countersignOnPostgres(url)
  const stage = await openStage('a growing table', [service], 16)
  try {
    await load(stage, 8, 1000)
    const measured: { rows: number; rounds: Round[]; bytes: Record<string, number> }[] = []
    let filled = 0
    for (const rows of plan.rows) {
      progress(`postgres · filling up to ${rows.toLocaleString('en')} sessions`)
      await fill(url, filled, rows)
      filled = rows
      progress(`postgres · refresh among ${rows.toLocaleString('en')} sessions`)
      const rounds: Round[] = []
      for (let round = 0; round < plan.rounds; round += 1) {
        rounds.push(await load(stage, 16, plan.durationMs))
      }
      measured.push({ rows, rounds, bytes: await sizesOf(url) })
    }
    const first = measured[0]?.rounds.map(({ p50 }) => p50) ?? []
    const last = measured.at(-1)
    const ratio = median(last?.rounds.map(({ p50 }) => p50) ?? []) / median(first)
    return {
      latencies: {
        key: 'postgres-growth',
        title: 'refresh as sessions grow, 16 connections; × is against the fewest',
        columns: [
          { key: 'p50', title: 'p50', unit: 'ms' },
          { key: 'p99', title: 'p99', unit: 'ms' },
        ],
        rows: measured.map(({ rows, rounds }) => ({
          contender: `${rows.toLocaleString('en')} sessions`,
          cells: {
            p50: cell(
              rounds.map(({ p50 }) => p50),
              first,
            ),
            p99: cell(rounds.map(({ p99 }) => p99)),
          },
        })),
      },
      sizes: sizeTable(measured),
      aims: [
        {
          claim: `refresh p50 among ${(last?.rows ?? 0).toLocaleString('en')} sessions, against ${(plan.rows[0] ?? 0).toLocaleString('en')}`,
          limit: '≤ 1.3 ×',
          measured: `${ratio.toFixed(2)} ×`,
          isMet: ratio <= 1.3,
        },
      ],
    }
  } finally {
    await stop([stage])
  }
}

/** A user for every three sessions, as they would be after some use: unlike in size and age. */
async function fill(url: string, from: number, to: number): Promise<void> {
  await ask(
    url,
    `SET search_path = countersign;
    INSERT INTO users (id, email, email_key, email_search, email_verified, password_hash, status,
      token_version, session_version, created_at, updated_at)
    SELECT 'usr_' || md5('u' || n), n || '@example.com', n || '@example.com', n || '@example.com',
      1, '$argon2id$v=19$m=19456,t=2,p=1$' || md5(n::text) || '$' || md5(n::text || 'x'), 'active',
      0, 0, 1700000000 + n, 1700000000 + n
    FROM generate_series(${Math.ceil(from / 3)}, ${Math.ceil(to / 3) - 1}) AS n;
    INSERT INTO sessions (id, user_id, status, auth_version, generation, generations, created_at,
      last_used_at, expires_at, max_expires_at, auth_methods, ip, user_agent)
    SELECT 'ses_' || md5('s' || n), 'usr_' || md5('u' || n / 3), 'active', 0, n % 500,
      decode(repeat(md5(n::text), 5), 'hex'), 1700000000 + n, 1700000000 + n,
      extract(epoch FROM now())::bigint + 86400 + n % 600000,
      extract(epoch FROM now())::bigint + 7776000, '["pwd"]', '2001:db8::' || to_hex(n % 65536),
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131 Safari/537'
    FROM generate_series(${from}, ${to - 1}) AS n;
    ANALYZE users; ANALYZE sessions; CHECKPOINT`,
  )
}

const megabyte = 1_000_000

async function sizesOf(url: string): Promise<Record<string, number>> {
  const { rows } = await ask(
    url,
    `SELECT relname AS name, pg_table_size(oid)::text AS heap, pg_indexes_size(oid)::text AS indexes
    FROM pg_class WHERE relnamespace = 'countersign'::regnamespace
      AND relname IN ('users', 'sessions')`,
  )
  return Object.fromEntries(
    rows.flatMap(({ name, heap, indexes }) => [
      [String(name), Number(heap) / megabyte],
      [`${String(name)}-indexes`, Number(indexes) / megabyte],
    ]),
  )
}

function sizeTable(
  measured: readonly { readonly rows: number; readonly bytes: Record<string, number> }[],
): Table {
  const names = ['sessions', 'sessions-indexes', 'users', 'users-indexes']
  return {
    key: 'postgres-sizes',
    title: 'what sessions and their users take, a user for every three',
    columns: names.map((key) => ({ key, title: key.replace('-', ', '), unit: 'MB' as const })),
    rows: measured.map(({ rows, bytes }) => ({
      contender: `${rows.toLocaleString('en')} sessions`,
      cells: Object.fromEntries(names.map((name) => [name, cell([bytes[name] ?? 0])])),
    })),
  }
}
