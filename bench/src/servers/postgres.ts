import { chmodSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { findPostgres } from '../../../tests/postgres-server/find-servers.ts'
import { startPostgres } from '../../../tests/postgres-server/postgres-server.ts'

/** A PostgreSQL server on this machine's disk, as durable as it is by default. */
export interface BenchPostgres {
  readonly description: string
  /** Makes a database. @returns Its URL. */
  make(name: string): Promise<string>
  stop(): Promise<void>
}

export async function startBenchPostgres(): Promise<BenchPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-pg-'))
  chmodSync(folder, 0o755)
  const [programs] = await findPostgres(folder)
  if (!programs) throw new Error('There is no PostgreSQL.')
  const server = await startPostgres(programs, {
    folder: join(folder, 'one'),
    settings: { max_connections: '200', shared_buffers: '1GB', max_wal_size: '4GB' },
  })
  const { rows } = await ask(
    server.url('postgres'),
    "SELECT current_setting('server_version') AS v",
  )
  return {
    description: `PostgreSQL ${String(rows[0]?.['v'])}`,
    async make(name) {
      await ask(server.url('postgres'), `CREATE DATABASE ${name}`)
      return server.url(name)
    },
    async stop() {
      await server.stop('immediate')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a statement on a connection of its own. */
export async function ask(
  url: string,
  statement: string,
): Promise<pg.QueryResult<Record<string, unknown>>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(statement)
  } finally {
    await client.end()
  }
}
