import type { Command } from 'commander'
import { listSigningKeys, rotateSigningKey } from '../app/administration.ts'
import { toIsoTime } from '../base/time.ts'
import { toKeyAnswer } from '../features/answers.ts'
import { keyEvent } from '../keys/key-event.ts'
import type { KeyStatus } from '../keys/key-status.ts'
import { keyScheduleDefaults } from '../keys/stages.ts'
import { inWords } from './duration-words.ts'
import { databaseCommand, examples, newCommand } from './new-command.ts'
import { printJson, printJsonList, printLine, printTable } from './print.ts'
import { notFound, wordNotFound } from './refusal.ts'
import type { Column } from './table.ts'
import { type DatabaseFlags, withAdministration } from './with-administration.ts'

/** `countersign keys`. */
export function keysCommand(): Command {
  return newCommand('keys')
    .description('Show and rotate the keys that sign access tokens.')
    .addCommand(listCommand())
    .addCommand(rotateCommand())
    .addCommand(revokeCommand())
}

export const keyColumns: readonly Column<KeyStatus>[] = [
  { heading: 'KEY', text: ({ kid }) => kid },
  { heading: 'ALGORITHM', text: ({ algorithm }) => algorithm },
  { heading: 'STAGE', text: ({ stage }) => stage },
  { heading: 'SIGNS FROM', text: ({ activeFrom }) => toIsoTime(activeFrom) },
  {
    heading: 'SIGNS UNTIL',
    text: ({ activeUntil }) => (activeUntil ? toIsoTime(activeUntil) : ''),
  },
]

function listCommand(): Command {
  return databaseCommand('list')
    .description('List the keys and the stage each is in, oldest first.')
    .addHelpText('after', examples('countersign keys list'))
    .action((flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        const keys = await listSigningKeys(administration)
        if (flags.json) await printJsonList('keys', [keys.map(toKeyAnswer)])
        else await printTable({ columns: keyColumns, none: 'No keys.' }, [keys])
      }),
    )
}

function rotateCommand(): Command {
  return databaseCommand('rotate')
    .description('Make a new key. It is published now and signs once every verifier knows it.')
    .addHelpText('after', examples('countersign keys rotate'))
    .action((flags: DatabaseFlags) =>
      withAdministration(flags, async (administration) => {
        const key = await rotateSigningKey(administration).catch(
          wordNotFound('There is no key yet: the server makes the first one when it starts.'),
        )
        if (flags.json) await printJson({ key: toKeyAnswer(key) })
        else await printLine(announce(key))
      }),
    )
}

function revokeCommand(): Command {
  return databaseCommand('revoke')
    .description('Give up a key that others may know. Every access token it signed is refused.')
    .argument('<kid>', 'the key, as `keys list` shows it')
    .addHelpText('after', examples('countersign keys revoke 4tB1p0oZ…'))
    .action((kid: string, flags: DatabaseFlags) =>
      withAdministration(flags, async ({ stores, clock }) => {
        const audit = keyEvent('key.revoked', { kid, at: clock.now(), actor: 'cli' })
        const isDone = await stores.signingKeys.revoke(kid, audit.at, { audit })
        if (!isDone) throw notFound(`There is no key ${kid}.`)
        if (flags.json) await printJson({ revoked: { kid } })
        else await printLine(`Revoked ${kid}. Running servers sign with another key at once.`)
      }),
    )
}

function announce({ kid, algorithm, createdAt, activeFrom }: KeyStatus): string {
  const { reloadSeconds } = keyScheduleDefaults
  return (
    `The new key ${kid} (${algorithm}) signs from ${toIsoTime(activeFrom)}, ` +
    `in ${inWords(activeFrom - createdAt)}. Running servers take it up within ${reloadSeconds} s.`
  )
}
