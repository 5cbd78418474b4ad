import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { QueryResult as PgResult, PoolClient } from 'pg'
import { isKeepable } from './keepable-text.ts'
import type { Lane, PostgresConnections } from './postgres-connections.ts'
import { isOfStatement, PostgresError, servingFailure } from './postgres-failures.ts'

/** Statements that a connection keeps planned. Ours are fewer; lists of odd lengths add some. */
const maxNamedStatements = 256

/**
 * Connections of one lane behind Kysely. It differs from Kysely's own driver in this:
 *
 * - States of the server and the network become `AuthError('UNAVAILABLE')`, and no error holds
 *   a value of its statement.
 * - A connection that failed in any way but by a mistake in a statement is not used again.
 * - A COMMIT that PostgreSQL turned into a ROLLBACK is a failure.
 * - Statements are planned once per connection.
 */
export class PostgresDriver implements Driver {
  readonly #connections: PostgresConnections
  readonly #lane: Lane

  constructor(connections: PostgresConnections, lane: Lane) {
    this.#connections = connections
    this.#lane = lane
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(await this.#connections.take(this.#lane))
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    this.#connections.giveBack(this.#lane, connection.client, connection.isBroken)
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    // Whatever the server's default is: the statements rely on each seeing what was committed.
    await connection.run('BEGIN ISOLATION LEVEL READ COMMITTED')
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    const { command } = await connection.run('COMMIT')
    if (command !== 'COMMIT') throw new PostgresError(null, 'the transaction was rolled back')
  }

  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    // Closing the connection rolls back as well.
    if (!connection.isBroken) await connection.run('ROLLBACK')
  }

  async destroy(): Promise<void> {}
}

/** The parts Kysely needs around a driver for PostgreSQL. */
export function postgresKyselyDialect(driver: PostgresDriver): Dialect {
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
}

class PostgresConnection implements DatabaseConnection {
  readonly client: PoolClient
  /** Whether the connection must not be used again. */
  isBroken = false

  constructor(client: PoolClient) {
    this.client = client
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const values = bindable(sql, parameters)
    const { command, rowCount, rows } = await this.#send(() =>
      this.client.query({ text: sql, values, ...named(sql) }),
    )
    const isChange = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
    return {
      rows: rows as R[],
      ...(isChange && { numAffectedRows: BigInt(rowCount ?? 0) }),
    }
  }

  run(statement: string): Promise<PgResult> {
    return this.#send(() => this.client.query(statement))
  }

  streamQuery(): never {
    throw new Error('Rows are not streamed from PostgreSQL.')
  }

  async #send(query: () => Promise<PgResult>): Promise<PgResult> {
    try {
      return await query()
    } catch (error) {
      if (!isOfStatement(error)) this.isBroken = true
      throw servingFailure(error)
    }
  }
}

const names = new Map<string, string>()

// Names are the same on every connection, as each is of one text.
function named(sql: string): { name: string } | undefined {
  const known = names.get(sql)
  if (known !== undefined) return { name: known }
  if (names.size >= maxNamedStatements) return undefined
  const name = `c${names.size}`
  names.set(sql, name)
  return { name }
}

/**
 * Text that cannot be kept is nowhere: looking for it finds what looking for NULL finds.
 *
 * @throws {RangeError} when such text is to be written.
 */
function bindable(sql: string, parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => {
    if (typeof value !== 'string' || isKeepable(value)) return value
    if (/^(?:select|delete)\b/i.test(sql)) return null
    throw new RangeError('PostgreSQL cannot keep text with a NUL or half a surrogate pair.')
  })
}
