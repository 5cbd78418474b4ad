import type { Command } from 'commander'
import { systemClock } from '../../ports/clock.ts'
import { systemRandom } from '../../ports/random.ts'
import { databaseCommand, examples } from '../new-command.ts'
import { type DatabaseFlags, environmentOf } from '../with-administration.ts'
import { examine } from './examine.ts'
import { printReport, printReportAsJson } from './print-report.ts'

/** `countersign doctor`. Exits with 1 when there is an error. */
export function doctorCommand(): Command {
  return databaseCommand('doctor')
    .description('Explain the configuration and find what is wrong with it. Changes nothing.')
    .addHelpText(
      'after',
      examples('countersign doctor', 'countersign doctor --json | jq ".findings"'),
    )
    .action(async (flags: DatabaseFlags) => {
      const given = flags.database === undefined ? [] : ['DATABASE_URL']
      const report = await examine(
        { clock: systemClock, random: systemRandom },
        { environment: environmentOf(flags), flags: new Set(given) },
      )
      await (flags.json ? printReportAsJson(report) : printReport(report))
      if (report.findings.some(({ level }) => level === 'error')) process.exitCode = 1
    })
}
