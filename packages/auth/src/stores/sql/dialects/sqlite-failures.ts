import { AuthError } from '../../../base/errors.ts'
import { StartupError } from '../../../base/startup-error.ts'
import { unavailable } from './unavailable.ts'

interface Failure {
  /** Whether it passes by itself: another process holds the database for a moment. */
  readonly passes: boolean
  /** What is wrong with the database `path` when it is opened, and how to mend it. */
  startup(path: string): string
}

const locked: Failure = {
  passes: true,
  startup: (path) =>
    `The database ${path} is locked by another process. Stop the program that holds it and start again.`,
}

const damaged: Failure = {
  passes: false,
  startup: (path) =>
    `The database ${path} is damaged. Restore it from a backup; \`sqlite3 ${path} .recover\` shows what can still be read.`,
}

const unreachable: Failure = {
  passes: false,
  startup: (path) =>
    `The database ${path} cannot be read or written. Check the disk, and that this process may write the file, its -wal and -shm files and their folder.`,
}

// By SQLite's primary result code: https://sqlite.org/rescode.html. Anything else that
// SQLite reports is a mistake in the statements, not a state of the database.
const failures: Readonly<Record<string, Failure>> = {
  BUSY: locked,
  LOCKED: locked,
  PROTOCOL: locked,
  CORRUPT: damaged,
  CANTOPEN: unreachable,
  IOERR: unreachable,
  PERM: unreachable,
  READONLY: {
    passes: false,
    startup: (path) =>
      `The database ${path} is read-only for this process. Make the file, its -wal and -shm files and their folder writable, or give another path.`,
  },
  FULL: {
    passes: false,
    startup: (path) =>
      `There is no space left for the database ${path}. Free some and start again.`,
  },
  NOTADB: {
    passes: false,
    startup: notADatabase,
  },
  NOMEM: {
    passes: true,
    startup: (path) => `There is not enough memory to open the database ${path}.`,
  },
}

export function notADatabase(path: string): string {
  return `${path} is not an SQLite database. Give the path of another file, or restore it from a backup.`
}

/** `BUSY` for `SQLITE_BUSY_RECOVERY`; `null` for errors that are not SQLite's. */
function primaryCode(error: unknown): string | null {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return null
  return /^SQLITE_([A-Z]+)/.exec(error.code)?.[1] ?? null
}

/** Whether another process holds the lock that is needed. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === 'BUSY'
}

/** Words a state of the database as `UNAVAILABLE`; other errors come back as they are. */
export function servingFailure(error: unknown): unknown {
  const code = primaryCode(error)
  const failure = code === null ? undefined : failures[code]
  if (!failure) return error
  // SQLite's messages name tables and files, never the values of a statement.
  return unavailable(`the database cannot answer: SQLITE_${code}`, failure.passes ? 1 : 30, error)
}

/** Words a state of the database as a `StartupError`; other errors come back as they are. */
export function startupFailure(error: unknown, path: string): unknown {
  const cause = error instanceof AuthError ? error.cause : error
  const failure = failures[primaryCode(cause) ?? '']
  return failure ? new StartupError([failure.startup(path)], { cause }) : error
}
