import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { doctorCommand } from './doctor/doctor-command.ts'
import { keysCommand } from './keys-command.ts'
import { migrateCommand } from './migrate-command.ts'
import { rolesCommand } from './roles-command.ts'
import { serveCommand } from './serve-command.ts'
import { sessionsCommand } from './sessions-command.ts'
import { usersCommand } from './users/users-command.ts'

const groups = [usersCommand(), sessionsCommand(), rolesCommand(), keysCommand()]
const commands = [serveCommand(), migrateCommand(), doctorCommand()].concat(
  groups.flatMap((group) => [...group.commands]),
)

function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 80 })
  command.outputHelp()
  return help
}

const rows = commands.map(
  (command) => [command.parent?.name() ?? '', command.name(), command] as const,
)

test.each(rows)('the help of %s %s ends with an example of its own', (group, name, command) => {
  const [, examples = ''] = helpOf(command).split('\nExamples:\n')
  const path = ['countersign', group, name].filter(Boolean).join(' ')
  expect(examples).toContain(path)
})

const exceptServe = rows.filter(([, name]) => name !== 'serve')

test.each(exceptServe)(
  '%s %s can answer with JSON, about any database',
  (_group, _name, command) => {
    const flags = command.options.map(({ long }) => long)
    expect(flags).toEqual(expect.arrayContaining(['--json', '--database']))
  },
)

test('a command’s own options come before those that all have', () => {
  const [create] = usersCommand().commands
  const help = create ? helpOf(create) : ''
  expect(help.indexOf('--email')).toBeGreaterThan(0)
  expect(help.indexOf('--email')).toBeLessThan(help.indexOf('Common options:'))
})
