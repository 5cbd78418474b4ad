import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type Administration, readPepper } from '../../app/administration.ts'
import { auditEvent } from '../../audit/event.ts'
import { toIsoTime } from '../../base/time.ts'
import { toAdminUserAnswer, toSessionAnswer } from '../../features/answers.ts'
import type { Session } from '../../model/session.ts'
import type { User } from '../../model/user.ts'
import { userPages } from '../../users/user-pages.ts'
import { getNamedUser } from '../named-user.ts'
import { databaseCommand, examples, userArgument } from '../new-command.ts'
import { printJson, printJsonLines, printJsonList } from '../print.ts'
import { Refusal } from '../refusal.ts'
import { type DatabaseFlags, withAdministration } from '../with-administration.ts'

interface ExportFlags extends DatabaseFlags {
  readonly user?: string
  readonly withPasswordHashes?: true
  readonly pepperFile?: string
}

/** `countersign users export`. */
export function exportCommand(): Command {
  const command = databaseCommand('export')
    .description('Write all users as JSON, one a line; or everything that is kept of one.')
    .option('--user <user>', `Everything about one user, sessions too: ${userArgument}.`)
    .option(
      '--with-password-hashes',
      'With what passwords are checked against, to move to other software. Keep it as you keep the database.',
    )
    .option(
      '--pepper-file <file>',
      'With --with-password-hashes: also write the secret that went into them into a new file, in base64. Without it they are of no use elsewhere.',
    )
    .addHelpText(
      'after',
      examples(
        'countersign users export > users.jsonl',
        'countersign users export --user ada@example.com',
        'countersign users export --with-password-hashes --pepper-file pepper.txt > users.jsonl',
      ),
    )
  return command.action((flags: ExportFlags) => {
    if (flags.pepperFile !== undefined && !flags.withPasswordHashes) {
      command.error('error: --pepper-file goes with --with-password-hashes.')
    }
    return withAdministration(flags, (administration) => exportUsers(administration, flags))
  })
}

async function exportUsers(administration: Administration, flags: ExportFlags): Promise<void> {
  const { stores } = administration
  await noteExport(administration, flags)
  if (flags.pepperFile !== undefined) await writePepper(administration, flags.pepperFile)
  if (flags.user !== undefined) {
    const user = await getNamedUser(administration, flags.user)
    const sessions = await stores.sessions.listOfUser(user.id)
    const exported = { user: exportedUser(user, flags), sessions: sessions.map(exportedSession) }
    await printJson(exported)
    return
  }
  const pages = exportedPages(userPages(stores, {}), flags)
  if (flags.json) await printJsonList('users', pages)
  else await printJsonLines(pages)
}

/** Who took data out is asked for later. */
async function noteExport(administration: Administration, flags: ExportFlags): Promise<void> {
  const user = flags.user === undefined ? null : await getNamedUser(administration, flags.user)
  const reason = flags.withPasswordHashes ? 'password_hashes' : 'profile'
  const about = { actor: 'cli', subject: user?.id ?? null, reason }
  await administration.stores.audit.append(auditEvent(administration, 'user.exported', about))
}

async function writePepper(administration: Administration, path: string): Promise<void> {
  const pepper = await readPepper(administration)
  try {
    const text = `${Buffer.from(pepper).toString('base64')}\n`
    await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'EEXIST' ? 'There is one already.' : `(${code})`
    throw new Refusal(`The file ${path} cannot be written. ${why}`)
  }
}

async function* exportedPages(
  pages: AsyncIterable<User[]>,
  flags: ExportFlags,
): AsyncGenerator<unknown[]> {
  for await (const page of pages) yield page.map((user) => exportedUser(user, flags))
}

function exportedUser(
  user: User,
  { withPasswordHashes }: ExportFlags,
): Readonly<Record<string, unknown>> {
  return {
    ...toAdminUserAnswer(user),
    ...(withPasswordHashes && { passwordHash: user.passwordHash }),
  }
}

/** Of a session that has ended as well; of its tokens nothing. */
function exportedSession(session: Session): Readonly<Record<string, unknown>> {
  const { current: _, ...answer } = toSessionAnswer(session, undefined)
  const { endedAt, endReason, status } = session
  return {
    ...answer,
    status,
    ...(endedAt !== null && { endedAt: toIsoTime(endedAt) }),
    ...(endReason !== null && { endReason }),
  }
}
