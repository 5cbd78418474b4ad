import { availableParallelism, loadavg } from 'node:os'
import { benchAccounts } from './accounts.ts'
import { readArguments, usage } from './arguments.ts'
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

const known = Object.keys(benches)
const given = readArguments(process.argv.slice(2), known)
if (typeof given === 'string') {
  progress(`${given}\n\n${usage(known)}`)
  process.exit(2)
}
if (given.help) {
  process.stdout.write(usage(known))
  process.exit(0)
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
const together = known.filter((name) => !apart.has(name))
const names = given.names.length > 0 ? given.names : together
const sections: Record<string, Section> = {}
for (const name of names) {
  const section = await benches[name]?.(given.quick ? quickPlan : fullPlan)
  if (!section) continue
  sections[name] = section
  print(section)
}

// Only a full run is kept: everything side by side, measured long enough to quote.
if (!given.quick && given.names.length === 0) {
  writeResults({ environment: describeEnvironment('npm run bench', load), sections })
}
const [only = ''] = given.names
if (!given.quick && given.names.length === 1 && apart.has(only)) {
  const environment = describeEnvironment(`npm run bench -- ${only}`, load)
  writeResultsApart(only, { environment, sections })
}

function print({ tables, aims }: Section): void {
  for (const table of tables) {
    process.stdout.write(`\n${table.title}\n${terminalTable(tableText(table))}\n`)
  }
  if (aims.length > 0) process.stdout.write(`\n${terminalTable(aimsText(aims))}\n\n`)
}
