import type { Command } from 'commander'
import { toIsoTime } from '../../base/time.ts'
import { toAdminUserAnswer } from '../../features/answers.ts'
import type { User } from '../../model/user.ts'
import { userPages } from '../../users/user-pages.ts'
import { getNamedUser } from '../named-user.ts'
import { databaseCommand, examples, positiveInteger, userArgument } from '../new-command.ts'
import { type Field, printFields, printJson, printJsonList, printTable } from '../print.ts'
import type { Column } from '../table.ts'
import { type DatabaseFlags, withAdministration } from '../with-administration.ts'

interface ListFlags extends DatabaseFlags {
  readonly search?: string
  readonly limit?: number
}

const columns: readonly Column<User>[] = [
  { heading: 'ID', text: ({ id }) => id },
  { heading: 'EMAIL', text: ({ email }) => email },
  { heading: 'USERNAME', text: ({ username }) => username ?? '' },
  {
    heading: 'STATUS',
    text: ({ status }) => status,
    colour: ({ status }) => (status === 'blocked' ? 'yellow' : null),
  },
  { heading: 'ROLES', text: ({ roles }) => roles.join(', ') },
  { heading: 'CREATED', text: ({ createdAt }) => toIsoTime(createdAt) },
]

export function listCommand(): Command {
  return databaseCommand('list')
    .description('List users, oldest first.')
    .option('--search <text>', 'Only those with this in their address, username or name.')
    .option('--limit <number>', 'At most so many.', positiveInteger)
    .addHelpText(
      'after',
      examples(
        'countersign users list --search @example.com',
        'countersign users list --json | jq ".users[].email"',
      ),
    )
    .action((flags: ListFlags) =>
      withAdministration(flags, async ({ stores }) => {
        const { search, limit } = flags
        const pages = userPages(stores, { limit, ...(search !== undefined && { search }) })
        if (flags.json) await printJsonList('users', answers(pages))
        else await printTable({ columns, none: 'No users.' }, pages)
      }),
    )
}

export function showCommand(): Command {
  return databaseCommand('show')
    .description('Show a user.')
    .argument('<user>', userArgument)
    .addHelpText('after', examples('countersign users show ada@example.com'))
    .action((name: string, flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        const user = await getNamedUser(administration, name)
        if (flags.json) await printJson({ user: toAdminUserAnswer(user) })
        else await printFields(fieldsOf(user))
      }),
    )
}

async function* answers(pages: AsyncIterable<User[]>): AsyncGenerator<unknown[]> {
  for await (const page of pages) yield page.map(toAdminUserAnswer)
}

function fieldsOf(user: User): Field[] {
  return [
    ['id', user.id],
    ['email', user.emailVerified ? `${user.email} (verified)` : user.email],
    ['username', user.username ?? ''],
    ['name', user.name ?? ''],
    ['status', user.status],
    ['roles', user.roles.join(', ')],
    ['created', toIsoTime(user.createdAt)],
    ['updated', toIsoTime(user.updatedAt)],
  ]
}
