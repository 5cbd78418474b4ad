import type { Command } from 'commander'
import { checkOptions } from '../app/check-options.ts'
import { readEnvironment } from '../app/environment.ts'
import { hasSecretFile, secretPath } from '../app/open-secrets.ts'
import { defaultDatabase } from '../app/settings.ts'
import { silentLogger } from '../ports/logger.ts'
import { backUpSql } from '../stores/sql/back-up.ts'
import { databaseCommand, examples } from './new-command.ts'
import { printJson, printLine } from './print.ts'
import { createProgress } from './progress.ts'
import { type DatabaseFlags, environmentOf } from './with-administration.ts'

/** `countersign backup`. */
export function backupCommand(): Command {
  return databaseCommand('backup')
    .description('Copy the SQLite database into a new file, while the server goes on.')
    .argument('<file>', 'where to, with no file there yet')
    .addHelpText('after', examples('countersign backup backup-2026-01-31.db'))
    .action((file: string, flags: DatabaseFlags) => backUp(file, flags))
}

async function backUp(file: string, flags: DatabaseFlags): Promise<void> {
  const { options, problems } = readEnvironment(environmentOf(flags))
  checkOptions(options, problems)
  const url = options.database ?? defaultDatabase
  const progress = createProgress()
  await backUpSql({ url, log: silentLogger }, file, (share) =>
    progress.show('copied', Math.round(share * 100), 100),
  ).finally(() => progress.end())
  if (flags.json) return printJson({ file })
  await printLine(`The database is copied to ${file}.`)
  if (hasSecretFile(url)) {
    await printLine(`It is of no use without ${secretPath(url)}: keep that elsewhere.`)
  }
}
