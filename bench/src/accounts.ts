import { closedLoop, type Visitor } from './measure/closed-loop.ts'
import { interleave } from './measure/interleave.ts'
import { median, percentile } from './measure/statistics.ts'
import type { AccountsPlan } from './plan.ts'
import { progress } from './report/progress.ts'
import { type Aim, cell, type Row, type Section } from './report/table.ts'
import type { AccountService } from './rivals/account-service.ts'
import { accountServices } from './rivals/account-services.ts'
import { countersign } from './rivals/countersign.ts'
import { tutorial } from './rivals/tutorial.ts'
import { newLogins, registerAll, registers, signedIn, signsIn } from './rivals/visitors.ts'
import type { ServerProcess } from './servers/server-process.ts'

const operations = ['login', 'refresh', 'register'] as const
type Operation = (typeof operations)[number]

const columns = [
  { key: 'perSecond', title: '', unit: 'requests/s' },
  { key: 'p50', title: 'p50', unit: 'ms' },
  { key: 'p99', title: 'p99', unit: 'ms' },
] as const

/** A service that runs, with visitors to send, as many as there are connections at most. */
interface Stage {
  readonly service: AccountService
  readonly server: ServerProcess
  readonly visitors: Readonly<Record<Operation, readonly Visitor[]>>
}

/** What one service did in one round. */
interface Round {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly answers: number
  readonly refused: number
}

/** The rounds of one operation at one number of connections, by service. */
interface Measurement {
  readonly operation: Operation
  readonly connections: number
  readonly rounds: ReadonlyMap<string, readonly Round[]>
}

/** Login, refresh and register over HTTP, on SQLite. */
export async function benchAccounts(plan: AccountsPlan): Promise<Section> {
  const stages: Stage[] = []
  try {
    for (const service of accountServices) {
      progress(`accounts · preparing ${service.name}`)
      await prepare(service, Math.max(...plan.connections), stages)
    }
    const measurements: Measurement[] = []
    for (const operation of operations) {
      measurements.push(...(await measureOperation(stages, operation, plan)))
    }
    return {
      tables: operations.map((name) => toTable(name, measurements)),
      aims: aims(measurements),
    }
  } finally {
    await Promise.all(stages.map(({ server }) => server.stop()))
  }
}

// Adds the stage as soon as its server runs, so that a failure here still stops it.
async function prepare(
  service: AccountService,
  connections: number,
  stages: Stage[],
): Promise<void> {
  const server = await service.start()
  const visitors: Record<Operation, Visitor[]> = { login: [], refresh: [], register: [] }
  stages.push({ service, server, visitors })

  const toLogIn = newLogins('login', connections)
  const toRefresh = newLogins('refresh', connections)
  await registerAll(service, server.origin, [...toLogIn, ...toRefresh])
  visitors.login.push(...toLogIn.map((login) => signsIn(service, login)))
  visitors.refresh.push(...(await signedIn(service, server.origin, toRefresh)))
  visitors.register.push(...toLogIn.map((_, index) => registers(service, `register-${index}`)))
}

async function measureOperation(
  stages: readonly Stage[],
  operation: Operation,
  plan: AccountsPlan,
): Promise<Measurement[]> {
  // The first round would otherwise measure the compiler.
  for (const stage of stages) await load(stage, operation, 4, 500)
  // A share each, so that the last operation is measured as often as the first.
  const timeIsUp = AbortSignal.timeout((plan.maxSeconds * 1000) / operations.length)
  const measurements: Measurement[] = []
  for (const connections of plan.connections) {
    progress(`accounts · ${operation}, ${connections} connections`)
    const contenders = stages.map((stage) => ({
      name: stage.service.name,
      measure: () => load(stage, operation, connections, plan.durationMs),
    }))
    const rounds = await interleave(contenders, { ...plan, timeIsUp })
    measurements.push({ operation, connections, rounds })
  }
  return measurements
}

async function load(
  { service, server, visitors }: Stage,
  operation: Operation,
  connections: number,
  durationMs: number,
): Promise<Round> {
  const { latenciesMs, refused, seconds } = await closedLoop({
    origin: server.origin,
    visitors: visitors[operation].slice(0, connections),
    until: AbortSignal.timeout(durationMs),
  })
  if (latenciesMs.length === 0) {
    throw new Error(`${service.name} refuses every ${operation}: ${JSON.stringify(refused)}`)
  }
  return {
    perSecond: latenciesMs.length / seconds,
    p50: percentile(latenciesMs, 50),
    p99: percentile(latenciesMs, 99),
    answers: latenciesMs.length,
    refused: Object.values(refused).reduce((sum, count) => sum + count, 0),
  }
}

function toTable(operation: Operation, measurements: readonly Measurement[]) {
  return {
    key: operation,
    title: `${operation} on SQLite, over HTTP`,
    settingTitle: 'connections',
    columns,
    rows: measurements
      .filter((measurement) => measurement.operation === operation)
      .flatMap(({ connections, rounds }) =>
        [...rounds].map(([name, samples]) => toRow(name, connections, samples)),
      ),
  }
}

function toRow(contender: string, connections: number, rounds: readonly Round[]): Row {
  const answers = Math.round(median(rounds.map((round) => round.answers)))
  const refused = rounds.reduce((sum, round) => sum + round.refused, 0)
  const remarks = [
    answers < 100 ? `p99 of ${answers} answers a round` : '',
    refused > 0 ? `${refused} refused` : '',
  ]
  return {
    contender,
    setting: String(connections),
    cells: Object.fromEntries(
      columns.map(({ key }) => [key, cell(rounds.map((round) => round[key]))]),
    ),
    remark: remarks.filter(Boolean).join('; '),
  }
}

function aims(measurements: readonly Measurement[]): Aim[] {
  return measurements.flatMap(({ operation, connections, rounds }) => {
    const ours = rounds.get(countersign.name) ?? []
    const theirs = rounds.get(tutorial.name) ?? []
    if (operation === 'login' && connections === 1) return [loginAim(ours)]
    if (operation === 'refresh') return [refreshAim(connections, ours, theirs)]
    return []
  })
}

function loginAim(ours: readonly Round[]): Aim {
  const p50 = median(ours.map((round) => round.p50))
  return {
    claim: 'login p50 with one client',
    limit: '< 50 ms',
    measured: `${p50.toFixed(1)} ms`,
    isMet: p50 < 50,
  }
}

function refreshAim(connections: number, ours: readonly Round[], theirs: readonly Round[]): Aim {
  const times =
    median(ours.map((round) => round.perSecond)) / median(theirs.map((round) => round.perSecond))
  return {
    claim: `refreshes a second against the tutorial, ${connections} connections`,
    limit: '≥ 5 ×',
    measured: `${times.toFixed(0)} ×`,
    isMet: times >= 5,
  }
}
