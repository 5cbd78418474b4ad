import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { type Command, Option } from 'commander'
import type { Administration } from '../../../app/administration.ts'
import { auditEvent } from '../../../audit/event.ts'
import type { FirebaseHashConfig } from '../../../crypto/imported-hash/firebase-scrypt.ts'
import type { UserStore } from '../../../model/user.ts'
import { databaseCommand, examples } from '../../new-command.ts'
import { printJson, printLine } from '../../print.ts'
import { printable } from '../../printable.ts'
import { createProgress } from '../../progress.ts'
import { Refusal } from '../../refusal.ts'
import { type DatabaseFlags, withAdministration } from '../../with-administration.ts'
import { csvRows } from './csv-rows.ts'
import { parseFirebaseConfig } from './firebase-config.ts'
import { firebaseRows } from './firebase-rows.ts'
import { describeProblem, ImportReport } from './import-report.ts'
import { importRows } from './import-rows.ts'
import { jsonLineRows } from './json-lines.ts'
import {
  collectMapping,
  type FieldMap,
  type FieldPlan,
  type SourceFormat,
  sourceFormats,
} from './source-fields.ts'
import type { SourceRow } from './source-row.ts'
import { type TextLine, textLines } from './text-lines.ts'
import { trialUsers } from './trial-users.ts'

interface ImportFlags extends DatabaseFlags {
  readonly format?: SourceFormat
  readonly map?: FieldMap
  readonly dryRun?: true
  readonly report?: string
  readonly passwordless?: true
  readonly firebaseHashConfig?: string
}

/** `countersign users import`. */
export function importCommand(): Command {
  return databaseCommand('import')
    .description('Add users from a file of other software, with their password hashes.')
    .argument('<file>', 'what to read, in UTF-8')
    .addOption(
      new Option(
        '--format <format>',
        'What the file is. Without, its name says it: .csv, .jsonl or .ndjson.',
      ).choices(sourceFormats),
    )
    .option(
      '--map <field=column>',
      'Where to find email, username, name, passwordHash, emailVerified, createdAt, status or roles, if it is not under its usual name; nowhere with "field=". May be repeated. Roles are imported only so.',
      collectMapping,
    )
    .option('--dry-run', 'Only say what would be done.')
    .option('--report <file>', 'Write every line that is not imported, and why, into a new file.')
    .option(
      '--passwordless',
      'Import users without a password hash too. They sign in once they are given a password.',
    )
    .option(
      '--firebase-hash-config <file>',
      'The password hash parameters of a Firebase project, as its console shows them.',
    )
    .addHelpText(
      'after',
      examples(
        'countersign users import users.csv --map passwordHash=pw --dry-run',
        'countersign users import users.json --format mongoexport --report left-out.jsonl',
        'countersign users import users.json --format firebase --firebase-hash-config hash.txt',
      ),
    )
    .action((file: string, flags: ImportFlags) => importUsers(file, flags))
}

async function importUsers(file: string, flags: ImportFlags): Promise<void> {
  const plan = await planOf(file, flags)
  const bytes = await sizeOf(file)
  const work = async (administration: Administration) => {
    const report = await ImportReport.open(flags.report)
    try {
      await run(administration, { file, bytes, plan, flags, report })
    } finally {
      await report.close()
    }
    await tell(report, flags)
    if (report.hasProblems) process.exitCode = 1
  }
  await withAdministration(flags, work, { isBulk: true })
}

async function planOf(
  file: string,
  { format = formatOf(file), map = {}, firebaseHashConfig }: ImportFlags,
): Promise<FieldPlan> {
  return { format, map, firebase: await firebaseConfig(format, firebaseHashConfig) }
}

function formatOf(file: string): SourceFormat {
  const extension = extname(file).toLowerCase()
  if (extension === '.csv') return 'csv'
  if (extension === '.jsonl' || extension === '.ndjson') return 'jsonl'
  throw new Refusal(`Say what ${file} is: --format ${sourceFormats.join(' or ')}.`)
}

async function firebaseConfig(
  format: SourceFormat,
  path: string | undefined,
): Promise<FirebaseHashConfig | null> {
  if (path !== undefined && format === 'firebase') {
    return parseFirebaseConfig(await readFile(path, 'utf8').catch(refuseUnreadable(path)))
  }
  if (path === undefined && format !== 'firebase') return null
  throw new Refusal(
    '--format firebase and --firebase-hash-config go together: its hashes cannot be checked without.',
  )
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(refuseUnreadable(file))
  if (found.isFile()) return found.size
  throw new Refusal(`${file} is no file.`)
}

function refuseUnreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    throw new Refusal(
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`,
    )
  }
}

interface Run {
  readonly file: string
  readonly bytes: number
  readonly plan: FieldPlan
  readonly flags: ImportFlags
  readonly report: ImportReport
}

async function run(
  administration: Administration,
  { file, bytes, plan, flags, report }: Run,
): Promise<void> {
  const { stores, clock, random } = administration
  const users = flags.dryRun ? trialUsers(stores) : recordedUsers(administration)
  const terms = { random, now: clock.now(), isPasswordless: flags.passwordless === true }
  const position = { bytes: 0 }
  const lines = textLines(counted(file, position))
  const progress = createProgress()
  try {
    for await (const some of importRows(users, rowsOf(lines, plan), { plan, terms })) {
      await report.add(some)
      const percent = bytes === 0 ? 100 : Math.floor((100 * position.bytes) / bytes)
      progress.show(`${report.totals.imported} users`, percent, 100)
    }
  } finally {
    progress.end()
  }
}

const highWaterMark = 2 ** 18

async function* counted(file: string, position: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file, { highWaterMark }) as AsyncIterable<Buffer>) {
    position.bytes += chunk.byteLength
    yield chunk
  }
}

function rowsOf(
  lines: AsyncIterable<readonly TextLine[]>,
  plan: FieldPlan,
): AsyncIterable<readonly SourceRow[]> {
  if (plan.format === 'csv') return csvRows(lines, plan)
  if (plan.format === 'firebase') return firebaseRows(lines)
  return jsonLineRows(lines)
}

async function tell(
  report: ImportReport,
  { json, dryRun, report: path }: ImportFlags,
): Promise<void> {
  const { totals, firstProblems } = report
  if (json) {
    await printJson({ ...totals, ...(dryRun && { dryRun }), problems: firstProblems })
    return
  }
  for (const problem of firstProblems) {
    process.stderr.write(`${printable(describeProblem(problem))}\n`)
  }
  const more = totals.duplicates + totals.broken - firstProblems.length
  if (more > 0) process.stderr.write(`and ${more} more: ${whereMore(path)}\n`)
  const { imported, alreadyThere, duplicates, broken } = totals
  await printLine(
    `${dryRun ? 'Would import' : 'Imported'} ${imported} users. ${alreadyThere} are there already, ${duplicates} have an address or username of somebody else, ${broken} are broken.`,
  )
}

function whereMore(path: string | undefined): string {
  return path === undefined ? 'name a file with --report to have all of them.' : `see ${path}.`
}

/** Adds users and says so in the audit trail, in one transaction. */
function recordedUsers(administration: Administration): Pick<UserStore, 'createMany'> {
  return {
    createMany(users) {
      const about = { actor: 'cli', reason: `${users.length} lines` }
      const audit = auditEvent(administration, 'user.imported', about)
      return administration.stores.users.createMany(users, { audit })
    },
  }
}
