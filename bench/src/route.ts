import autocannon from 'autocannon'
import { type Contender, interleave } from './measure/interleave.ts'
import type { RoutePlan } from './plan.ts'
import { progress } from './report/progress.ts'
import { cell, type Section } from './report/table.ts'
import { type ProtectedRoute, routeRivals } from './rivals/routes/protected-route.ts'

const columns = [
  { key: 'perSecond', title: '', unit: 'requests/s' },
  { key: 'p99', title: 'p99', unit: 'ms' },
] as const

interface Round {
  readonly perSecond: number
  readonly p99: number
}

/** A protected route in Express, asked over keep-alive connections by signed-in callers. */
export async function benchRoute(plan: RoutePlan): Promise<Section> {
  const timeIsUp = AbortSignal.timeout(plan.maxSeconds * 1000)
  const routes: ProtectedRoute[] = []
  try {
    const contenders: Contender<Round>[] = []
    for (const { name, start } of routeRivals) {
      progress(`route · preparing ${name}`)
      const route = await start(plan.callers)
      routes.push(route)
      await load(name, route, { ...plan, seconds: 1 })
      contenders.push({ name, measure: () => load(name, route, plan) })
    }
    progress('route · measuring')
    return toSection(await interleave(contenders, { ...plan, timeIsUp }))
  } finally {
    await Promise.all(routes.map(({ server }) => server.stop()))
  }
}

async function load(name: string, route: ProtectedRoute, plan: RoutePlan): Promise<Round> {
  const result = await autocannon({
    url: `${route.server.origin}/me`,
    connections: plan.connections,
    duration: plan.seconds,
    requests: route.callers.map((headers) => ({ headers })),
  })
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${name}: ${result.non2xx} answers are not 2xx, ${result.errors} errors`)
  }
  return { perSecond: result['2xx'] / result.duration, p99: result.latency.p99 }
}

function toSection(rounds: ReadonlyMap<string, readonly Round[]>): Section {
  const baseline = rounds.get('Express, no check')?.map(({ perSecond }) => perSecond)
  const rows = [...rounds].map(([contender, samples]) => ({
    contender,
    cells: {
      perSecond: cell(
        samples.map(({ perSecond }) => perSecond),
        baseline,
      ),
      p99: cell(samples.map(({ p99 }) => p99)),
    },
  }))
  const title = 'a protected route in Express; × is against no check'
  return { tables: [{ key: 'route', title, columns, rows }], aims: [] }
}
