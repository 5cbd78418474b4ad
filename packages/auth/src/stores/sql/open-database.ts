import { StartupError } from '../../base/startup-error.ts'
import type { Logger } from '../../ports/logger.ts'
import type { SqlDatabase } from './database.ts'
import { openPostgres } from './dialects/postgres.ts'
import { openSqlite, sqliteExists } from './dialects/sqlite.ts'

export interface SqlOptions {
  /**
   * `sqlite:<path>`, `sqlite::memory:` or `postgres://…`. A path is taken as it is, relative to
   * the working folder.
   */
  readonly url: string
  readonly log: Logger
  /** How long to wait for the database and for others who use it, in milliseconds. Default `5000`. */
  readonly busyTimeoutMs?: number
  /** Connections to PostgreSQL, at most. Default `10`. */
  readonly poolSize?: number
  /** Whether many rows will be written: SQLite gets more memory, and copies its log less often. */
  readonly isBulk?: boolean
}

interface Permissions {
  /** Whether a database that is not there is made. */
  readonly mayCreate: boolean
  /** Whether anything may be changed. Default `true`. */
  readonly mayWrite?: boolean
}

/** @throws {StartupError} when the database cannot be used. */
export async function openDatabase(
  { url, busyTimeoutMs = 5000, poolSize = 10, isBulk = false }: SqlOptions,
  permissions: Permissions,
): Promise<SqlDatabase> {
  const { scheme, location } = locate(url)
  return scheme === 'sqlite'
    ? await openSqlite(location, { busyTimeoutMs, isBulk, ...permissions })
    : await openPostgres(url, { poolSize, timeoutMs: busyTimeoutMs, ...permissions })
}

/** Whether there may be anything to open at a URL. Never in memory; a server must be asked. */
export function databaseExists(url: string): boolean {
  const { scheme, location } = locate(url)
  return scheme === 'postgres' || sqliteExists(location)
}

/** @throws {StartupError} The URL is of no database that is known. */
function locate(url: string): { scheme: 'sqlite' | 'postgres'; location: string } {
  const colon = url.indexOf(':')
  const scheme = url.slice(0, Math.max(colon, 0))
  const location = url.slice(colon + 1).trim()
  if (scheme === 'sqlite' && location !== '') return { scheme, location }
  if (/^postgres(?:ql)?$/.test(scheme) && location.startsWith('//')) {
    return { scheme: 'postgres', location }
  }
  // The URL is not repeated: it may hold a password.
  throw new StartupError(['The database URL is not understood. Use sqlite:<path> or postgres://….'])
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
