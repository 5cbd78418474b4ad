import type { Command } from 'commander'
import { newCommand } from '../new-command.ts'
import { blockCommand, deleteCommand, setRolesCommand, unblockCommand } from './change-commands.ts'
import { importCommand } from './import/import-command.ts'
import { createCommand, setPasswordCommand } from './password-commands.ts'
import { listCommand, showCommand } from './show-commands.ts'

/** `countersign users`. */
export function usersCommand(): Command {
  return newCommand('users')
    .description('Create, import, show and change users.')
    .addCommand(createCommand())
    .addCommand(importCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(blockCommand())
    .addCommand(unblockCommand())
    .addCommand(setPasswordCommand())
    .addCommand(setRolesCommand())
    .addCommand(deleteCommand())
}
