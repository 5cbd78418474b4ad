import { setTimeout as sleep } from 'node:timers/promises'
import { closedLoop, type LoadSample, type Visitor } from './measure/closed-loop.ts'
import { duringFlood } from './measure/flood.ts'
import { interleave } from './measure/interleave.ts'
import { median, percentile, ratios } from './measure/statistics.ts'
import type { FloodPlan } from './plan.ts'
import { progress } from './report/progress.ts'
import { atMost, type Cell, cell, type Row, type Section } from './report/table.ts'
import type { AccountService } from './rivals/account-service.ts'
import { accountServices } from './rivals/account-services.ts'
import { countersign } from './rivals/countersign.ts'
import { newLogins, registerAll, signedIn } from './rivals/visitors.ts'

const honestClients = 8
const attackedAccounts = 8
/** An honest client rests this long between refreshes: enough to sample, too little to load. */
const pauseMs = 20
/** Until the queues of the server are as long as the flood makes them. */
const settleMs = 500
/** How much longer than the run itself an answer is waited for. */
const patienceMs = 2000

const columns = [
  { key: 'idleP50', title: 'idle p50', unit: 'ms' },
  { key: 'idleP99', title: 'idle p99', unit: 'ms' },
  { key: 'floodP50', title: 'flooded p50', unit: 'ms' },
  { key: 'floodP99', title: 'flooded p99', unit: 'ms' },
  { key: 'times', title: 'p99 flooded by idle', unit: '×' },
  { key: 'checked', title: 'passwords checked', unit: 'requests/s' },
  { key: 'shed', title: 'turned away', unit: 'requests/s' },
] as const

interface Round {
  readonly idle: LoadSample
  readonly flooded: LoadSample
  /** Logins a second that were answered 401: a password was checked. */
  readonly checked: number
  /** Logins a second that were answered anything else. */
  readonly shed: number
}

/** How long a refresh takes while others flood login with wrong passwords. */
export async function benchFlood(plan: FloodPlan): Promise<Section> {
  const timeIsUp = AbortSignal.timeout(plan.maxSeconds * 1000)
  const contenders = accountServices.map((service) => ({
    name: service.name,
    measure: () => measure(service, plan),
  }))
  const rounds = await interleave(contenders, { ...plan, timeIsUp })
  const table = {
    key: 'flood',
    title: `refresh while ${plan.attackers} clients flood login`,
    columns,
    rows: [...rounds].map(([name, samples]) => toRow(name, samples)),
  }
  const times = median(timesOf(rounds.get(countersign.name) ?? []))
  return { tables: [table], aims: [atMost('refresh p99 under flood against idle', 3, times)] }
}

// A server of its own each time: one that was flooded has queues to work off.
async function measure(service: AccountService, plan: FloodPlan): Promise<Round> {
  progress(`flood · ${service.name}`)
  const server = await service.start()
  try {
    const honest = newLogins('honest', honestClients)
    const attacked = newLogins('attacked', attackedAccounts)
    await registerAll(service, server.origin, [...honest, ...attacked])
    const visitors = await signedIn(service, server.origin, honest)
    await refreshFor(server.origin, visitors, 500)

    const idle = await refreshFor(server.origin, visitors, plan.idleMs)
    const order = {
      origin: server.origin,
      requests: Array.from({ length: plan.attackers }, (_, index) =>
        service.login({
          email: `attacked-${index % attackedAccounts}@example.com`,
          password: 'a wrong guess',
        }),
      ),
    }
    const { result: flooded, flood } = await duringFlood(order, async () => {
      await sleep(settleMs)
      return refreshFor(server.origin, visitors, plan.floodMs)
    })
    return { idle, flooded, ...rates(flood.refused, flood.seconds) }
  } finally {
    await server.stop()
  }
}

function refreshFor(
  origin: string,
  visitors: readonly Visitor[],
  durationMs: number,
): Promise<LoadSample> {
  return closedLoop({
    origin,
    visitors,
    pauseMs,
    until: AbortSignal.timeout(durationMs),
    patience: AbortSignal.timeout(durationMs + patienceMs),
  })
}

function rates(refused: Readonly<Record<number, number>>, seconds: number) {
  const { 401: checked = 0, ...others } = refused
  const shed = Object.values(others).reduce((sum, count) => sum + count, 0)
  return { checked: checked / seconds, shed: shed / seconds }
}

function toRow(contender: string, rounds: readonly Round[]): Row {
  const unanswered = rounds.reduce((sum, { flooded }) => sum + flooded.abandonedMs.length, 0)
  const refused = rounds.reduce((sum, { flooded }) => sum + refusals(flooded), 0)
  const figures = (phase: 'idle' | 'flooded', percent: number) =>
    rounds.map((round) => p(round[phase], percent))
  const flooded = (values: readonly number[], percent: number): Cell => ({
    ...cell(values),
    isLowerBound: rounds.some((round) => isLowerBound(round.flooded, percent)),
  })
  const remarks = [
    unanswered > 0 ? `${unanswered} refreshes unanswered` : '',
    refused > 0 ? `${refused} refreshes refused` : '',
  ]
  return {
    contender,
    cells: {
      idleP50: cell(figures('idle', 50)),
      idleP99: cell(figures('idle', 99)),
      floodP50: flooded(figures('flooded', 50), 50),
      floodP99: flooded(figures('flooded', 99), 99),
      times: flooded(timesOf(rounds), 99),
      checked: cell(rounds.map(({ checked }) => checked)),
      shed: cell(rounds.map(({ shed }) => shed)),
    },
    remark: remarks.filter(Boolean).join('; '),
  }
}

/** Refreshes that were given up count as long as they had waited. */
function p(sample: LoadSample, percent: number): number {
  return percentile([...sample.latenciesMs, ...sample.abandonedMs], percent)
}

function isLowerBound(sample: LoadSample, percent: number): boolean {
  return p(sample, percent) >= Math.min(...sample.abandonedMs)
}

function timesOf(rounds: readonly Round[]): number[] {
  return ratios(
    rounds.map(({ flooded }) => p(flooded, 99)),
    rounds.map(({ idle }) => p(idle, 99)),
  )
}

function refusals({ refused }: LoadSample): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0)
}
