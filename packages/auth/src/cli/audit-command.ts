import { type Command, InvalidArgumentError } from 'commander'
import { openOwnSecrets } from '../app/administration.ts'
import { type TrailReport, verifyTrail } from '../audit/verify-trail.ts'
import { toIsoTime } from '../base/time.ts'
import type { AuditRecord } from '../model/audit.ts'
import { getNamedUser } from './named-user.ts'
import { databaseCommand, examples, newCommand } from './new-command.ts'
import { printJson, printJsonList, printLine, printTable } from './print.ts'
import { createProgress } from './progress.ts'
import { Refusal } from './refusal.ts'
import type { Column } from './table.ts'
import { type DatabaseFlags, withAdministration } from './with-administration.ts'

/** `countersign audit`. */
export function auditCommand(): Command {
  return newCommand('audit')
    .description('Show what happened, and check that nobody has changed it.')
    .addCommand(listCommand())
    .addCommand(verifyCommand())
}

interface ListFlags extends DatabaseFlags {
  readonly user?: string
  readonly type?: string
  readonly limit: number
}

const columns: readonly Column<AuditRecord>[] = [
  { heading: 'TIME', text: ({ at }) => toIsoTime(at) },
  {
    heading: 'EVENT',
    text: ({ type }) => type,
    colour: ({ outcome }) => (outcome === 'failure' ? 'yellow' : null),
  },
  { heading: 'BY', text: ({ actor }) => actor },
  { heading: 'CONCERNS', text: ({ subject, sessionId }) => subject ?? sessionId ?? '' },
  { heading: 'NETWORK', text: ({ network }) => network ?? '' },
  { heading: 'REASON', text: ({ reason }) => reason ?? '' },
]

function listCommand(): Command {
  return databaseCommand('list')
    .description('List events, newest first.')
    .option('--user <user>', 'Only what this user did or what concerns them.')
    .option('--type <type>', 'Only events of this type, such as login.failed.')
    .option('--limit <number>', 'How many, at most.', parseLimit, 50)
    .addHelpText('after', examples('countersign audit list --user ada@example.com'))
    .action((flags: ListFlags) =>
      withAdministration(flags, async (administration) => {
        const { user, type, limit } = flags
        // Whoever is gone is still named by id.
        const isId = user?.startsWith('usr_') ?? false
        const userId =
          user === undefined || isId ? user : (await getNamedUser(administration, user)).id
        const events = await administration.stores.audit.list({
          limit,
          ...(userId !== undefined && { userId }),
          ...(type !== undefined && { type }),
        })
        if (flags.json) await printJsonList('events', [events.map(toAnswer)])
        else await printTable({ columns, none: 'No events.' }, [events])
      }),
    )
}

function verifyCommand(): Command {
  return databaseCommand('verify')
    .description('Check the chain of hashes over all events. Ends with 1 if it is broken.')
    .addHelpText('after', examples('countersign audit verify'))
    .action((flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        const secrets = await openOwnSecrets(administration)
        const { audit } = administration.stores
        const progress = createProgress()
        const report = await verifyTrail({ audit, secrets }, (followed, of) =>
          progress.show('events', followed, of),
        ).finally(() => progress.end())
        if (flags.json) await printJson({ audit: report })
        else await printLine(inWords(report))
        if (report.broken) throw new Refusal('The audit trail is not as it was written.')
      }),
    )
}

const reasons = {
  changed: 'is not as it was sealed, or is missing',
  cut_off: 'and later ones are missing',
  head_forged: 'cannot be trusted: the signature over the end of the chain is wrong or missing',
} as const

function inWords({ intact, broken, unsealed }: TrailReport): string {
  const waiting = unsealed === 0 ? '' : ` ${unsealed} of the last moments are not sealed yet.`
  if (!broken) return `${intact} events are as they were written.${waiting}`
  return `${intact} events are as they were written. Event ${broken.at} ${reasons[broken.reason]}.${waiting}`
}

function toAnswer({ hash, ...event }: AuditRecord): Record<string, unknown> {
  const hex = hash && Buffer.from(hash).toString('hex')
  return { ...event, at: toIsoTime(event.at), hash: hex }
}

function parseLimit(text: string): number {
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > 10_000) throw new InvalidArgumentError('It is a number from 1 to 10000.')
  return limit
}
