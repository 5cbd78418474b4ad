import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgres } from '../postgres-server/find-servers.ts'
import {
  type PostgresServer,
  type PostgresServerOptions,
  startPostgres,
} from '../postgres-server/postgres-server.ts'

/** A PostgreSQL server to do anything to. */
export interface FragilePostgres {
  readonly server: PostgresServer
  readonly url: string
  /** Stops all its processes where they are (SIGSTOP). */
  suspend(): void
  resume(): void
  close(): Promise<void>
}

export interface FragileOptions extends Pick<PostgresServerOptions, 'settings' | 'initOptions'> {
  /** Where its data is. Default: where what is temporary is. */
  readonly place?: string
}

export async function openFragilePostgres({
  place,
  ...options
}: FragileOptions = {}): Promise<FragilePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-fragile-'))
  chmodSync(folder, 0o755)
  const [programs] = await findPostgres(folder)
  if (!programs) throw new Error('There is no PostgreSQL.')
  const server = await startPostgres(programs, {
    ...options,
    folder: join(place ?? folder, 'one'),
  })
  let suspended: number[] = []
  const resume = () => {
    for (const pid of suspended) process.kill(pid, 'SIGCONT')
    suspended = []
  }
  return {
    server,
    url: server.url('postgres'),
    suspend() {
      suspended = [server.pid, ...childrenOf(server.pid)]
      for (const pid of suspended) process.kill(pid, 'SIGSTOP')
    },
    resume,
    async close() {
      resume()
      await server.stop('immediate')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function childrenOf(pid: number): number[] {
  const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return list.split('\n').filter(Boolean).map(Number)
}
