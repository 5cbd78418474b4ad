import { AuthError } from '../../../base/errors.ts'
import { StartupError } from '../../../base/startup-error.ts'
import { unavailable } from './unavailable.ts'

/**
 * What PostgreSQL or the network said, without the values of the statement: PostgreSQL puts
 * them into messages and details, and those would end in a log.
 */
export class PostgresError extends Error {
  override readonly name = 'PostgresError'
  /** SQLSTATE, or the code of a network error; `null` when there is none. */
  readonly code: string | null

  constructor(code: string | null, what: string) {
    super(`PostgreSQL: ${what}`)
    this.code = code
  }
}

/** What a failure of a statement comes to. */
type Meaning = 'mistake' | 'passes' | 'lasts'

// By class of SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html).
// Anything else is a mistake in a statement, not a state of the database.
const classes: Readonly<Record<string, Meaning>> = {
  '08': 'passes', // connection
  '25': 'lasts', // read-only, or a transaction that was ended for being idle
  '28': 'lasts', // authorization
  '40': 'passes', // rolled back: deadlock, serialization
  '53': 'lasts', // out of disk, memory, connections
  '54': 'mistake', // program limits
  '55': 'passes', // locked, or a standby
  '57': 'passes', // cancelled, shutting down
  '58': 'lasts', // input and output
  XX: 'lasts', // internal, damaged
}

// Another transaction was faster: deadlock, serialization, a unique value, a row that is gone.
const lostRaces: ReadonlySet<string> = new Set(['40P01', '40001', '23505', '23503'])

/** The SQLSTATE or network code of an error; `null` for others. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null
}

/** Whether only the statement failed. Otherwise the connection is gone, or not to be trusted. */
export function isOfStatement(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR'
}

export function isRaceLost(error: unknown): boolean {
  const cause = error instanceof AuthError ? error.cause : error
  return cause instanceof PostgresError && lostRaces.has(cause.code ?? '')
}

/**
 * Words what went wrong with a statement: a state of the database or the network as
 * `UNAVAILABLE`, a mistake as `PostgresError`.
 */
export function servingFailure(error: unknown): unknown {
  if (error instanceof AuthError || error instanceof PostgresError) return error
  // Not the server's and not the network's.
  if (error instanceof TypeError || error instanceof RangeError) return error
  const plain = plainError(error)
  const meaning = meaningOf(plain)
  if (meaning === 'mistake') return plain
  return unavailable(plain.message, meaning === 'passes' ? 1 : 5, plain)
}

function meaningOf({ code }: PostgresError): Meaning {
  // Without SQLSTATE: the network, the name of the host, the client's own time-outs.
  if (code === null || !isSqlState(code)) return 'passes'
  return classes[code.slice(0, 2)] ?? 'mistake'
}

function plainError(error: unknown): PostgresError {
  const code = codeOf(error)
  if (code !== null && isSqlState(code)) {
    const constraint =
      error instanceof Error && 'constraint' in error ? ` (${String(error.constraint)})` : ''
    return new PostgresError(code, `error ${code}${constraint}`)
  }
  if (code !== null) return new PostgresError(code, code)
  // The client's own words name no values.
  return new PostgresError(null, error instanceof Error ? error.message : 'unknown failure')
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code)
}

/** Where a database is, without the password. */
export interface Address {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/** Words a failure before serving as a `StartupError`; other errors come back as they are. */
export function startupFailure(error: unknown, address: Address): unknown {
  if (error instanceof StartupError) return error
  const cause = error instanceof AuthError ? error.cause : error
  const plain = cause instanceof PostgresError ? cause : plainError(cause)
  if (cause instanceof TypeError || meaningOf(plain) === 'mistake') {
    return startupWords(plain, address) ? startupError(plain, address) : error
  }
  return startupError(plain, address)
}

function startupError(plain: PostgresError, address: Address): StartupError {
  const at = `${address.host}:${address.port}`
  const words =
    startupWords(plain, address) ??
    `No PostgreSQL server answers at ${at} (${plain.message}). Start it, or correct DATABASE_URL.`
  return new StartupError([words], { cause: plain })
}

function startupWords({ code }: PostgresError, address: Address): string | null {
  const { host, port, database, user } = address
  const at = `${host}:${port}`
  switch (code) {
    case '28P01':
    case '28000':
      return `PostgreSQL at ${at} does not let the user ${user} in (${code}). Check the name and password in DATABASE_URL, and pg_hba.conf.`
    case '3D000':
      return `PostgreSQL at ${at} has no database ${database}. Make it with: createdb ${database}`
    case '42501':
      return `The user ${user} may not do that in the database ${database}. As its owner run: CREATE SCHEMA countersign AUTHORIZATION ${user}`
    case '25006':
      return `PostgreSQL at ${at} takes no writes: it is a standby, or set to read-only. Give the address of the primary.`
    case '53300':
      return `PostgreSQL at ${at} has no connection left. Raise max_connections there, or lower DATABASE_POOL_SIZE.`
    case '53100':
      return `PostgreSQL at ${at} has no disk space left. Free some and start again.`
    case '57P03':
      return `PostgreSQL at ${at} is starting or stopping. Try again in a moment.`
    default:
      return null
  }
}
