import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { benchAccounts } from './accounts.ts'
import { benchFlood } from './flood.ts'
import { fullPlan, type Plan, quickPlan } from './plan.ts'
import { benchPostgres } from './postgres.ts'
import { describeEnvironment } from './report/environment.ts'
import { aimsText, tableText, terminalTable } from './report/format.ts'
import { progress } from './report/progress.ts'
import { writeResults, writeResultsApart } from './report/results.ts'
import type { Section } from './report/table.ts'
import { benchRevocation } from './revocation.ts'
import { benchRoute } from './route.ts'
import { benchVerify } from './verify.ts'

const benches: Readonly<Record<string, (plan: Plan) => Promise<Section>>> = {
  verify: (plan) => benchVerify(plan.verify),
  route: (plan) => benchRoute(plan.route),
  accounts: (plan) => benchAccounts(plan.accounts),
  flood: (plan) => benchFlood(plan.flood),
  revocation: (plan) => benchRevocation(plan.revocation),
  postgres: (plan) => benchPostgres(plan.postgres),
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !benches[name])
if (unknown.length > 0) {
  progress(`There is no ${unknown.join(', ')}: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}

// Servers under test are ended on exit, which a signal alone would skip.
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

const [load = 0] = loadavg()
if (load > availableParallelism() / 2) {
  progress(`This machine is busy (load average ${load.toFixed(1)}): what follows is too slow.`)
}

// Runs of their own: 32 services, or a database of gigabytes, leave nothing for others.
const apart: ReadonlySet<string> = new Set(['revocation', 'postgres'])
const together = Object.keys(benches).filter((name) => !apart.has(name))
const names = positionals.length > 0 ? positionals : together
const sections: Record<string, Section> = {}
for (const name of names) {
  const section = await benches[name]?.(values.quick ? quickPlan : fullPlan)
  if (!section) continue
  sections[name] = section
  print(section)
}

// Only a full run is kept: everything side by side, measured long enough to quote.
if (!values.quick && positionals.length === 0) {
  writeResults({ environment: describeEnvironment('npm run bench', load), sections })
}
const [only = ''] = positionals
if (!values.quick && positionals.length === 1 && apart.has(only)) {
  const environment = describeEnvironment(`npm run bench -- ${only}`, load)
  writeResultsApart(only, { environment, sections })
}

function print({ tables, aims }: Section): void {
  for (const table of tables) {
    process.stdout.write(`\n${table.title}\n${terminalTable(tableText(table))}\n`)
  }
  if (aims.length > 0) process.stdout.write(`\n${terminalTable(aimsText(aims))}\n\n`)
}
