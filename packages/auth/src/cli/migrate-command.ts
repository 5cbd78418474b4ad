import type { Command } from 'commander'
import { checkOptions } from '../app/check-options.ts'
import { readEnvironment } from '../app/environment.ts'
import { hasSecretFile, secretPath } from '../app/open-secrets.ts'
import { defaultDatabase } from '../app/settings.ts'
import { StartupError } from '../base/startup-error.ts'
import { silentLogger } from '../ports/logger.ts'
import { pendingSql } from '../stores/sql/inspect-sql.ts'
import { moveDatabase } from '../stores/sql/move-database.ts'
import { migrateSql } from '../stores/sql/open-sql-stores.ts'
import { databaseCommand, examples } from './new-command.ts'
import { printFields, printJson, printLine } from './print.ts'
import { createProgress } from './progress.ts'
import { type DatabaseFlags, environmentOf } from './with-administration.ts'

interface MigrateFlags extends DatabaseFlags {
  readonly dryRun?: true
  readonly from?: string
  readonly to?: string
}

/** `countersign migrate`. The server does the same when it starts. */
export function migrateCommand(): Command {
  return databaseCommand('migrate')
    .description('Bring the database up to date, and make it if there is none; or move it.')
    .option('--dry-run', 'Only say what would be done.')
    .option('--from <url>', 'With --to: the database to move everything from.')
    .option('--to <url>', 'Where to, with nothing in it yet. Goes on where it was interrupted.')
    .addHelpText(
      'after',
      examples(
        'countersign migrate --dry-run',
        'countersign migrate --from sqlite:./data/countersign.db --to postgres://me:secret@db/auth',
      ),
    )
    .action((flags: MigrateFlags) => migrateOrMove(flags))
}

async function migrateOrMove(flags: MigrateFlags): Promise<void> {
  const { from, to } = flags
  if (from === undefined && to === undefined) return migrate(flags)
  if (from === undefined || to === undefined) {
    throw new StartupError(['--from and --to go together: the one database and the other.'])
  }
  await move(flags, { from, to })
}

async function move(
  { json }: MigrateFlags,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const progress = createProgress()
  const report = await moveDatabase(
    { from: { url: from, log: silentLogger }, to: { url: to, log: silentLogger } },
    ({ table, rows, of }) => progress.show(table, rows, of),
  ).finally(() => progress.end())
  const moved = Object.fromEntries(report)
  if (json) return printJson({ moved })
  await printFields(Object.entries(moved).map(([table, rows]) => [table, String(rows)]))
  await printLine('Everything is there, row by row. Start the server with the new DATABASE_URL')
  await printLine(`and COUNTERSIGN_SECRET as before${secretHint(from)}. Nobody is signed out.`)
}

/** Where the secret is, when the operator never had to know of it. */
function secretHint(from: string): string {
  return hasSecretFile(from) ? `, or what is in ${secretPath(from)}` : ''
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
