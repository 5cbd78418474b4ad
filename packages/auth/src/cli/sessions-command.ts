import type { Command } from 'commander'
import type { Administration } from '../app/administration.ts'
import { receiptDeps } from '../app/open-deps.ts'
import { auditEvent } from '../audit/event.ts'
import { toIsoTime } from '../base/time.ts'
import { toSessionAnswer } from '../features/answers.ts'
import type { Revocation } from '../model/revocation.ts'
import type { Session } from '../model/session.ts'
import { awaitReach, type Receipt } from '../revocation/receipt.ts'
import { describeDevice } from '../sessions/describe-device.ts'
import { endEverySession, listLiveSessions } from '../sessions/live-sessions.ts'
import { getNamedUser } from './named-user.ts'
import {
  databaseCommand,
  examples,
  newCommand,
  positiveInteger,
  userArgument,
} from './new-command.ts'
import { printJson, printJsonList, printLine, printTable } from './print.ts'
import { notFound } from './refusal.ts'
import type { Column } from './table.ts'
import { type DatabaseFlags, withAdministration } from './with-administration.ts'

/** `countersign sessions`. */
export function sessionsCommand(): Command {
  return newCommand('sessions')
    .description('Show where users are signed in, and sign them out.')
    .addCommand(listCommand())
    .addCommand(endCommand())
}

const columns: readonly Column<Session>[] = [
  { heading: 'ID', text: ({ id }) => id },
  { heading: 'DEVICE', text: ({ userAgent }) => describeDevice(userAgent) ?? '' },
  { heading: 'IP', text: ({ ip }) => ip },
  { heading: 'LAST USED', text: ({ lastUsedAt }) => toIsoTime(lastUsedAt) },
  { heading: 'EXPIRES', text: ({ expiresAt }) => toIsoTime(expiresAt) },
]

function listCommand(): Command {
  return databaseCommand('list')
    .description('List where a user is signed in, most recently used first.')
    .requiredOption('--user <user>', userArgument)
    .addHelpText('after', examples('countersign sessions list --user ada@example.com'))
    .action((flags: DatabaseFlags & { readonly user: string }) =>
      withAdministration(flags, async (administration) => {
        const user = await getNamedUser(administration, flags.user)
        const sessions = await listLiveSessions(administration, user)
        const answers = sessions.map((session) => toSessionAnswer(session, undefined))
        if (flags.json) await printJsonList('sessions', [answers])
        else await printTable({ columns, none: `${user.email} is not signed in.` }, [sessions])
      }),
    )
}

interface EndFlags extends DatabaseFlags {
  readonly user?: string
  readonly wait?: number | true
}

function endCommand(): Command {
  const command = databaseCommand('end')
    .description('End a session, or sign a user out everywhere.')
    .argument('[id]', 'a session, such as ses_…')
    .option('--user <user>', `Every session of a user: ${userArgument}.`)
    .option(
      '--wait [ms]',
      'Wait until every verifier that is alive refuses it, and say how many do. Default 1000.',
      positiveInteger,
    )
    .addHelpText(
      'after',
      examples(
        'countersign sessions end ses_1cK7vUwKQ3yHc0oXbQhYzA',
        'countersign sessions end --user ada@example.com --wait',
      ),
    )
  return command.action((id: string | undefined, flags: EndFlags) => {
    const { user } = flags
    if (id !== undefined && user === undefined) {
      return withAdministration(flags, (administration) => endOne(administration, id, flags))
    }
    if (id === undefined && user !== undefined) {
      return withAdministration(flags, (administration) => endAll(administration, user, flags))
    }
    return command.error('error: Name a session, or a user with --user.')
  })
}

async function endOne(
  administration: Administration,
  id: string,
  { json, wait }: EndFlags,
): Promise<void> {
  const { stores, clock } = administration
  const audit = auditEvent(administration, 'session.ended', { actor: 'cli', sessionId: id })
  const hasEnded = await stores.sessions.end(id, 'ended_by_admin', clock.now(), { audit })
  if (!hasEnded) throw notFound(`There is no session ${id}, or it has ended.`)
  const receipt = await receiptOf(administration, { kind: 'session', key: id }, wait)
  if (json) await printJson({ ended: { sessionId: id }, ...(receipt && { receipt }) })
  else await printLine(`Ended ${id}.${inWordsOf(receipt)}`)
}

/** Waits for verifiers, if that was asked for. */
async function receiptOf(
  administration: Administration,
  target: Pick<Revocation, 'kind' | 'key'>,
  wait: EndFlags['wait'],
): Promise<Receipt | null> {
  if (wait === undefined) return null
  const waitMs = wait === true ? 1000 : Math.min(wait, 60_000)
  return await awaitReach(receiptDeps(administration), { target, waitMs })
}

function inWordsOf(receipt: Receipt | null): string {
  if (!receipt) return ''
  const { effectiveOn, of, ms } = receipt
  if (of === 0) return ' No verifier follows the ledger.'
  return ` ${effectiveOn} of ${of} verifiers refuse it after ${ms} ms.`
}

async function endAll(
  administration: Administration,
  name: string,
  { json, wait }: EndFlags,
): Promise<void> {
  const user = await getNamedUser(administration, name)
  await endEverySession(administration, user.id, { reason: 'ended_by_admin', by: 'cli' })
  const receipt = await receiptOf(administration, { kind: 'user', key: user.id }, wait)
  if (json) await printJson({ ended: { userId: user.id }, ...(receipt && { receipt }) })
  else await printLine(`Signed ${user.email} out everywhere.${inWordsOf(receipt)}`)
}
