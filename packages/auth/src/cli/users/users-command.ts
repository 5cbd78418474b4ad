import type { Command } from 'commander'
import { newCommand } from '../new-command.ts'
import { blockCommand, deleteCommand, setRolesCommand, unblockCommand } from './change-commands.ts'
import { exportCommand } from './export-command.ts'
import { importCommand } from './import/import-command.ts'
import { createCommand, setPasswordCommand } from './password-commands.ts'
import { listCommand, showCommand } from './show-commands.ts'

/** `countersign users`. */
export function usersCommand(): Command {
  return newCommand('users')
    .description('Create, import, show, change and export users.')
    .addCommand(createCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(blockCommand())
    .addCommand(unblockCommand())
    .addCommand(setPasswordCommand())
    .addCommand(setRolesCommand())
    .addCommand(deleteCommand())
}
