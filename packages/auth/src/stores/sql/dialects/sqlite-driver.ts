import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Statement } from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { isKeepable } from './keepable-text.ts'
import { isBusy, servingFailure } from './sqlite-failures.ts'
import { Turns } from './turns.ts'
import { unavailable } from './unavailable.ts'

/** Statements whose compiled form is kept. Ours are far fewer; lists of odd lengths add some. */
const keptStatements = 256
const longestPauseMs = 20

/**
 * One better-sqlite3 connection behind Kysely. It differs from Kysely's own driver in this:
 *
 * - Transactions begin with the write lock, so that none is refused when it first writes.
 * - While another process has the lock, this one waits without standing still: SQLite's own
 *   busy handler would block the event loop, and with it every request.
 * - States of the database become `AuthError('UNAVAILABLE')`.
 * - Statements are compiled by SQLite once.
 */
export class SqliteDriver implements Driver {
  readonly #database: Database
  readonly #connection: SqliteConnection
  readonly #busyTimeoutMs: number
  readonly #turns = new Turns(1)

  /**
   * @param busyTimeoutMs How long to wait for a lock another process holds, and before that
   *   for one's turn in this process.
   */
  constructor(database: Database, busyTimeoutMs: number) {
    this.#database = database
    this.#busyTimeoutMs = busyTimeoutMs
    this.#connection = new SqliteConnection(database, busyTimeoutMs)
  }

  async init(): Promise<void> {}

  // One connection: a statement of someone else must not slip into an open transaction.
  // Bounded: while another process keeps the lock, those who wait must not pile up.
  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#turns.take(this.#busyTimeoutMs)
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#turns.pass()
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('BEGIN IMMEDIATE'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('COMMIT'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // A full disk or a failing one makes SQLite roll back by itself.
    if (!this.#database.inTransaction) return
    await connection.executeQuery(CompiledQuery.raw('ROLLBACK'))
  }

  async destroy(): Promise<void> {
    await this.#turns.take()
    this.#database.close()
    this.#turns.pass()
  }
}

/** The parts Kysely needs around a driver for SQLite. */
export function sqliteDialect(driver: SqliteDriver): Dialect {
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new QueueingAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

class QueueingAdapter extends SqliteAdapter {
  // The driver makes callers queue. Kysely's own queue wakes every waiter at every turn.
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: Database
  readonly #busyTimeoutMs: number
  readonly #statements = new Map<string, Statement>()

  constructor(database: Database, busyTimeoutMs: number) {
    this.#database = database
    this.#busyTimeoutMs = busyTimeoutMs
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = parameters.map(bindable)
    for (let waitedMs = 0, pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return this.#execute<R>(sql, values)
      } catch (error) {
        // A statement that was refused for a lock has done nothing and may run again.
        if (!isBusy(error) || waitedMs >= this.#busyTimeoutMs) throw servingFailure(error)
      }
      await sleep(pauseMs)
      waitedMs += pauseMs
    }
  }

  streamQuery(): never {
    throw new Error('Rows are not streamed from SQLite.')
  }

  #execute<R>(sql: string, values: unknown[]): QueryResult<R> {
    if (!this.#database.open) throw unavailable('the database is closed', 30)
    const statement = this.#prepare(sql)
    if (statement.reader) return { rows: statement.all(...values) as R[] }
    const { changes } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes) }
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known) return known
    if (this.#statements.size >= keptStatements) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

// Bound as bytes, text that cannot be kept equals nothing that is stored, and a STRICT text
// column refuses it.
function bindable(value: unknown): unknown {
  return typeof value === 'string' && !isKeepable(value) ? Buffer.from(value) : value
}
