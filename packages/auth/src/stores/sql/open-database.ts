import { StartupError } from '../../base/startup-error.ts'
import type { Logger } from '../../ports/logger.ts'
import type { SqlDatabase } from './database.ts'
import { openSqlite, sqliteExists } from './dialects/sqlite.ts'

export interface SqlOptions {
  /** `sqlite:<path>` or `sqlite::memory:`. A path is taken as it is, relative to the working folder. */
  readonly url: string
  readonly log: Logger
  /** How long to wait for a lock that another process holds, in milliseconds. Default `5000`. */
  readonly busyTimeoutMs?: number
}

// One entry per dialect, by the scheme of its URLs.
const dialects = { sqlite: { open: openSqlite, exists: sqliteExists } }

interface Permissions {
  /** Whether a database that is not there is made. */
  readonly mayCreate: boolean
  /** Whether anything may be changed. Default `true`. */
  readonly mayWrite?: boolean
}

/** @throws {StartupError} when the database cannot be used. */
export async function openDatabase(
  { url, busyTimeoutMs = 5000 }: SqlOptions,
  permissions: Permissions,
): Promise<SqlDatabase> {
  const { dialect, location } = locate(url)
  return await dialect.open(location, { busyTimeoutMs, ...permissions })
}

/** Whether there is anything to open at a URL. Never in memory. */
export function databaseExists(url: string): boolean {
  const { dialect, location } = locate(url)
  return dialect.exists(location)
}

function locate(url: string) {
  const [scheme, location] = splitUrl(url)
  if (scheme !== 'sqlite' || location === '') {
    // The URL is not repeated: it may hold a password.
    throw new StartupError(['The database URL is not understood. Use sqlite:<path>.'])
  }
  return { dialect: dialects[scheme], location }
}

function splitUrl(url: string): [scheme: string, location: string] {
  const colon = url.indexOf(':')
  return [url.slice(0, Math.max(colon, 0)), url.slice(colon + 1).trim()]
}

/** Words what fails before the database is in use, and lets go of it. */
export async function beforeServing<T>(database: SqlDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await database.close()
    throw database.startupFailure(error)
  }
}
