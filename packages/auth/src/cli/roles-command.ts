import type { Command } from 'commander'
import { z } from 'zod'
import { deleteRole, putRole } from '../access/roles.ts'
import { permissionField, roleNameField } from '../features/schemas.ts'
import { parseMember } from '../http/validation.ts'
import type { Role } from '../model/role.ts'
import { databaseCommand, examples, newCommand } from './new-command.ts'
import { printJson, printJsonList, printLine, printTable } from './print.ts'
import { wordNotFound } from './refusal.ts'
import type { Column } from './table.ts'
import { type DatabaseFlags, withAdministration } from './with-administration.ts'

/** `countersign roles`. */
export function rolesCommand(): Command {
  return newCommand('roles')
    .description('Show, define and delete roles.')
    .addCommand(listCommand())
    .addCommand(setCommand())
    .addCommand(deleteCommand())
}

const columns: readonly Column<Role>[] = [
  { heading: 'ROLE', text: ({ name }) => name },
  { heading: 'PERMISSIONS', text: ({ permissions }) => permissions.join(', ') },
]

function listCommand(): Command {
  return databaseCommand('list')
    .description('List roles and what they permit.')
    .addHelpText('after', examples('countersign roles list'))
    .action((flags: DatabaseFlags) =>
      withAdministration(flags, async ({ stores }) => {
        const roles = await stores.roles.list()
        if (flags.json) await printJsonList('roles', [roles])
        else await printTable({ columns, none: 'No roles.' }, [roles])
      }),
    )
}

const roleSchema = z.strictObject({
  name: roleNameField,
  permissions: z.array(permissionField).max(100),
})

const outcomes = { created: 'is new', changed: 'has changed', unchanged: 'was like this already' }

function setCommand(): Command {
  const command = databaseCommand('set')
    .description('Define a role, or change what it permits. Access tokens of who has it die.')
    .argument('<name>', 'a letter, then up to 63 of a-z 0-9 _ -')
    .argument('[permission...]', 'all it permits, such as orders:read')
    .option('--none', 'It permits nothing: a name to ask for.')
    .addHelpText('after', examples('countersign roles set editor posts:read posts:write'))
  return command.action(
    (name: string, permissions: string[], flags: DatabaseFlags & { readonly none?: true }) => {
      const isClear = flags.none ? permissions.length === 0 : permissions.length > 0
      if (!isClear) command.error('error: Name permissions, or use --none.')
      const wanted = parseMember(roleSchema, { name, permissions }) as z.infer<typeof roleSchema>
      return withAdministration(flags, async (administration) => {
        const { role, result } = await putRole(administration, { ...wanted, by: 'cli' })
        if (flags.json) await printJson({ role, result })
        else await printLine(`The role ${role.name} ${outcomes[result]}.`)
      })
    },
  )
}

function deleteCommand(): Command {
  return databaseCommand('delete')
    .description('Take a role from everyone who has it and delete it.')
    .argument('<name>', 'the role')
    .addHelpText('after', examples('countersign roles delete editor'))
    .action((name: string, flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        await deleteRole(administration, { name, by: 'cli' }).catch(
          wordNotFound(`There is no role ${name}.`),
        )
        if (flags.json) await printJson({ deleted: { role: name } })
        else await printLine(`Deleted the role ${name}.`)
      }),
    )
}
