import { Kysely, sql } from 'kysely'
import type { PoolConfig } from 'pg'
import { type ConnectionOptions, parse, toClientConfig } from 'pg-connection-string'
import { StartupError } from '../../../base/startup-error.ts'
import type { SqlDatabase } from '../database.ts'
import { isForeign } from '../migrate.ts'
import type { Tables } from '../tables.ts'
import { inTransaction } from '../transaction.ts'
import { examinePostgres } from './postgres-condition.ts'
import { type Lane, PostgresConnections } from './postgres-connections.ts'
import { postgresStatements, schemaName } from './postgres-dialect.ts'
import { PostgresDriver, postgresKyselyDialect } from './postgres-driver.ts'
import { type Address, startupFailure } from './postgres-failures.ts'
import { PostgresListener } from './postgres-listener.ts'

interface PostgresOptions {
  /** How many connections this process may have, two at least, besides one that listens. */
  readonly poolSize: number
  /** How long a statement, and before it the wait for a connection, may take, in milliseconds. */
  readonly timeoutMs: number
  /** Whether the schema is made if it is not there. */
  readonly mayCreate: boolean
  /** Whether anything may be changed. Default `true`. */
  readonly mayWrite?: boolean
}

const howToBackUp = `PostgreSQL is backed up with its own tools, as by: pg_dump --schema=${schemaName} --file=countersign.sql "$DATABASE_URL"`

/** Of the pool, for refresh, revocation and the feed. */
const reservedShare = 0.4
const oldestVersion = 14
/** The type of `bigint` columns and of counts. */
const int8 = 20

/**
 * Opens a PostgreSQL database, from version 14 on.
 *
 * @param url As `postgres://user:password@host:port/database?sslmode=verify-full`.
 * @throws {StartupError} when it cannot be reached or used.
 */
export async function openPostgres(url: string, options: PostgresOptions): Promise<SqlDatabase> {
  const { Client, Pool, TypeOverrides } = (await import('pg')).default
  const types = new TypeOverrides()
  // Whole numbers of eight bytes as numbers: ours are times and counts, far below 2^53.
  types.setTypeParser(int8, Number)
  const { config, address } = readUrl(url)
  const { poolSize, timeoutMs } = options
  const settings = { ...connectionSettings(config, options), types }
  const unhurried = { ...connectionSettings(config, { ...options, timeoutMs: 0 }), types }
  const reservedSize = Math.max(1, Math.floor(poolSize * reservedShare))
  const connections = new PostgresConnections(
    new Pool({ ...settings, max: poolSize, connectionTimeoutMillis: timeoutMs }),
    { general: Math.max(1, poolSize - reservedSize), patienceMs: timeoutMs },
  )
  const patient = new PostgresConnections(
    new Pool({ ...unhurried, max: 1, connectionTimeoutMillis: timeoutMs }),
    { general: 1, patienceMs: timeoutMs },
  )
  const listener = new PostgresListener(Client, settings)
  const database: SqlDatabase = {
    dialect: postgresStatements,
    db: overLane(connections, 'general'),
    reserved: overLane(connections, 'reserved'),
    unhurried: overLane(patient, 'reserved'),
    onEntriesElsewhere: (heard) => listener.listen(heard),
    connections: () => connections.load(),
    examine: () => examinePostgres(database.db),
    backUp: () => Promise.reject(new StartupError([howToBackUp])),
    startupFailure: (error) => startupFailure(error, address),
    async close() {
      await Promise.all([listener.stop(), connections.close(), patient.close()])
    },
  }
  try {
    await prepare(database, options, address)
  } catch (error) {
    await database.close()
    throw startupFailure(error, address)
  }
  return database
}

function overLane(connections: PostgresConnections, lane: Lane): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: postgresKyselyDialect(new PostgresDriver(connections, lane)),
  })
}

function readUrl(url: string): { config: PoolConfig & ConnectionOptions; address: Address } {
  let parsed: ConnectionOptions
  try {
    parsed = parse(url)
  } catch (cause) {
    // The URL is not repeated: it may hold a password.
    throw new StartupError(
      ['DATABASE_URL is not understood. Write postgres://user:password@host:5432/database.'],
      { cause: cause instanceof Error ? new Error(cause.name) : undefined },
    )
  }
  const config = { ...toClientConfig(parsed), ...(parsed.options && { options: parsed.options }) }
  const { host, port, user, database } = config
  return {
    config: config as PoolConfig & ConnectionOptions,
    address: {
      host: host || 'localhost',
      port: port || 5432,
      user: user || 'the current one',
      database: database || user || 'the default one',
    },
  }
}

/**
 * The settings of a connection, in force from its first statement on.
 *
 * @param options.timeoutMs 0: none.
 */
function connectionSettings(
  config: PoolConfig & ConnectionOptions,
  { timeoutMs, mayWrite = true }: Pick<PostgresOptions, 'timeoutMs' | 'mayWrite'>,
): PoolConfig {
  const settings = [
    `search_path=${schemaName}`,
    `statement_timeout=${timeoutMs}`,
    `lock_timeout=${timeoutMs}`,
    `idle_in_transaction_session_timeout=${2 * timeoutMs}`,
    // For statements outside of a transaction; a transaction says it itself.
    'default_transaction_isolation=read\\ committed',
    `default_transaction_read_only=${mayWrite ? 'off' : 'on'}`,
  ]
  return {
    application_name: 'countersign',
    ...config,
    options: [config.options, ...settings.map((setting) => `-c ${setting}`)]
      .filter(Boolean)
      .join(' '),
    // A server that says nothing at all, as when the network is cut. Later than its own time-out.
    ...(timeoutMs > 0 && { query_timeout: timeoutMs + 1000 }),
    keepAlive: true,
  }
}

async function prepare(
  database: SqlDatabase,
  { mayCreate, mayWrite = true }: PostgresOptions,
  address: Address,
): Promise<void> {
  const { hasSchema } = await requireServer(database.db, mayWrite, address)
  // Looked for first: who may not make schemas may use one that was made for them.
  if (mayCreate && !hasSchema) await createSchema(database)
  if (await isForeign(database)) {
    throw new StartupError([
      `The schema ${schemaName} of the database ${address.database} belongs to another program: it has tables, but none of Countersign's. Give another database.`,
    ])
  }
}

interface Server {
  readonly version: number
  readonly encoding: string
  readonly standby: boolean
  readonly hasSchema: boolean
}

async function requireServer(
  db: Kysely<Tables>,
  mayWrite: boolean,
  { host, port, database }: Address,
): Promise<Server> {
  const { rows } = await sql<Server>`
    SELECT
      current_setting('server_version_num')::integer / 10000 AS version,
      current_setting('server_encoding') AS encoding,
      pg_is_in_recovery() AS standby,
      to_regnamespace(${schemaName}) IS NOT NULL AS "hasSchema"
  `.execute(db)
  const [server] = rows
  if (!server) throw new Error('PostgreSQL answered with no row.')
  const { version, encoding, standby } = server
  const problems = [
    ...(version >= oldestVersion
      ? []
      : [
          `PostgreSQL at ${host}:${port} has version ${version}; Countersign needs ${oldestVersion} or newer.`,
        ]),
    ...(encoding === 'UTF8'
      ? []
      : [
          `The database ${database} has the encoding ${encoding}, which cannot hold every text. Make one with: createdb --encoding UTF8 --template template0 <name>`,
        ]),
    ...(standby && mayWrite
      ? [
          `PostgreSQL at ${host}:${port} is a standby and takes no writes. Give the address of the primary.`,
        ]
      : []),
  ]
  if (problems.length > 0) throw new StartupError(problems)
  return server
}

async function createSchema({ dialect, unhurried: db }: SqlDatabase): Promise<void> {
  await inTransaction({ db, dialect }, async (trx) => {
    await dialect.takeTurn(trx, 'migration')
    await sql`CREATE SCHEMA IF NOT EXISTS ${sql.id(schemaName)}`.execute(trx)
  })
}
