import type { Command } from 'commander'
import { checkOptions } from '../app/check-options.ts'
import { readEnvironment } from '../app/environment.ts'
import { defaultDatabase } from '../app/settings.ts'
import { silentLogger } from '../ports/logger.ts'
import { pendingSql } from '../stores/sql/inspect-sql.ts'
import { migrateSql } from '../stores/sql/open-sql-stores.ts'
import { databaseCommand, examples } from './new-command.ts'
import { printJson, printLine } from './print.ts'
import { type DatabaseFlags, environmentOf } from './with-administration.ts'

interface MigrateFlags extends DatabaseFlags {
  readonly dryRun?: true
}

/** `countersign migrate`. The server does the same when it starts. */
export function migrateCommand(): Command {
  return databaseCommand('migrate')
    .description('Bring the database up to date, and make it if there is none.')
    .option('--dry-run', 'Only say what would be done.')
    .addHelpText('after', examples('countersign migrate --dry-run'))
    .action((flags: MigrateFlags) => migrate(flags))
}

async function migrate(flags: MigrateFlags): Promise<void> {
  const { options, problems } = readEnvironment(environmentOf(flags))
  checkOptions(options, problems)
  const database = { url: options.database ?? defaultDatabase, log: silentLogger }
  if (flags.dryRun) await report(flags, { pending: await pendingSql(database) })
  else await report(flags, { applied: await migrateSql(database) })
}

async function report(
  { json }: MigrateFlags,
  steps: { readonly [what in 'pending' | 'applied']?: readonly string[] },
): Promise<void> {
  if (json) return printJson(steps)
  const entries = Object.entries(steps).flatMap(([what, names]) =>
    names.map((name) => `${what === 'applied' ? 'Applied' : 'To do:'} ${name}`),
  )
  for (const line of entries) await printLine(line)
  if (entries.length === 0) await printLine('The database is up to date.')
}
