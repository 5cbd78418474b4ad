import type { Command } from 'commander'
import { z } from 'zod'
import { toAdminUserAnswer } from '../../features/answers.ts'
import { roleNameField } from '../../features/schemas.ts'
import { parseMember } from '../../http/validation.ts'
import type { User } from '../../model/user.ts'
import { type AdminChange, changeUser } from '../../users/change-user.ts'
import { deleteUser } from '../../users/delete-user.ts'
import { getNamedUser } from '../named-user.ts'
import { databaseCommand, examples, userArgument } from '../new-command.ts'
import { printJson, printLine } from '../print.ts'
import { type DatabaseFlags, withAdministration } from '../with-administration.ts'

export function blockCommand(): Command {
  return databaseCommand('block')
    .description('Block a user: they are signed out everywhere and cannot sign in.')
    .argument('<user>', userArgument)
    .addHelpText('after', examples('countersign users block eve@example.com'))
    .action((name: string, flags: DatabaseFlags) =>
      change(name, flags, {
        change: { status: 'blocked' },
        done: ({ email }) => `Blocked ${email}. Their sessions have ended.`,
      }),
    )
}

export function unblockCommand(): Command {
  return databaseCommand('unblock')
    .description('Let a blocked user sign in again.')
    .argument('<user>', userArgument)
    .addHelpText('after', examples('countersign users unblock eve@example.com'))
    .action((name: string, flags: DatabaseFlags) =>
      change(name, flags, {
        change: { status: 'active' },
        done: ({ email }) => `Unblocked ${email}. They may sign in.`,
      }),
    )
}

const rolesSchema = z.strictObject({ roles: z.array(roleNameField).max(32) })

export function setRolesCommand(): Command {
  const command = databaseCommand('set-roles')
    .description('Give a user these roles instead of those they have.')
    .argument('<user>', userArgument)
    .argument('[role...]', 'all the roles they are to have')
    .option('--none', 'Take every role away.')
    .addHelpText(
      'after',
      examples(
        'countersign users set-roles ada@example.com admin editor',
        'countersign users set-roles ada@example.com --none',
      ),
    )
  return command.action(
    (name: string, roles: string[], flags: DatabaseFlags & { readonly none?: true }) => {
      const isClear = flags.none ? roles.length === 0 : roles.length > 0
      if (!isClear) command.error('error: Name roles, or use --none.')
      return change(name, flags, {
        change: parseMember(rolesSchema, { roles }) as { roles: string[] },
        done: (user) => `${user.email} has now ${rolesOf(user)}. Older access tokens are dead.`,
      })
    },
  )
}

export function deleteCommand(): Command {
  return databaseCommand('delete')
    .description('Delete a user and everything that belongs to them, for good.')
    .argument('<user>', userArgument)
    .addHelpText('after', examples('countersign users delete eve@example.com'))
    .action((name: string, flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        const user = await getNamedUser(administration, name)
        await deleteUser(administration, { userId: user.id, by: 'cli' })
        if (flags.json) await printJson({ user: toAdminUserAnswer(user) })
        else await printLine(`Deleted ${user.email} (${user.id}).`)
      }),
    )
}

function change(
  name: string,
  flags: DatabaseFlags,
  { change, done }: { readonly change: AdminChange; readonly done: (user: User) => string },
): Promise<void> {
  return withAdministration(flags, async (administration) => {
    const { id } = await getNamedUser(administration, name)
    const user = await changeUser(administration, { userId: id, change, by: 'cli' })
    if (flags.json) await printJson({ user: toAdminUserAnswer(user) })
    else await printLine(done(user))
  })
}

function rolesOf({ roles }: User): string {
  if (roles.length === 0) return 'no roles'
  return `the role${roles.length > 1 ? 's' : ''} ${roles.join(', ')}`
}
