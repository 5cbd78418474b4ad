import type { Command } from 'commander'
import { auditCommand } from '../../packages/auth/src/cli/audit-command.ts'
import { backupCommand } from '../../packages/auth/src/cli/backup-command.ts'
import { clientsCommand } from '../../packages/auth/src/cli/clients-command.ts'
import { doctorCommand } from '../../packages/auth/src/cli/doctor/doctor-command.ts'
import { keysCommand } from '../../packages/auth/src/cli/keys-command.ts'
import { migrateCommand } from '../../packages/auth/src/cli/migrate-command.ts'
import { rolesCommand } from '../../packages/auth/src/cli/roles-command.ts'
import { serveCommand } from '../../packages/auth/src/cli/serve-command.ts'
import { sessionsCommand } from '../../packages/auth/src/cli/sessions-command.ts'
import { usersCommand } from '../../packages/auth/src/cli/users/users-command.ts'
import { code, markdownTable } from './table.ts'

/** The commands of `countersign`, in the order of its help. */
export function commands(): Command[] {
  return [
    serveCommand(),
    migrateCommand(),
    backupCommand(),
    doctorCommand(),
    usersCommand(),
    sessionsCommand(),
    rolesCommand(),
    clientsCommand(),
    keysCommand(),
    auditCommand(),
  ]
}

// Of nearly every command, and named once on the page.
const common = new Set(['--database', '--json'])

/** Every command with its options. */
export function commandsTable(): string {
  const rows = commands().flatMap((command) => rowsOf('countersign', command))
  return markdownTable(['command', 'what it does', 'options'], rows)
}

function rowsOf(parent: string, command: Command): string[][] {
  const path = `${parent} ${command.name()}`
  if (command.commands.length > 0) return command.commands.flatMap((child) => rowsOf(path, child))
  const words = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name()
    return argument.required ? `<${name}>` : `[${name}]`
  })
  const flags = command.options
    .filter(({ long }) => !common.has(long ?? ''))
    .map(({ flags }) => code(flags))
  return [[code([path, ...words].join(' ')), command.description(), flags.join(', ')]]
}
