import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findPostgres } from './find-servers.ts'
import { startPostgres } from './postgres-server.ts'

/** A server that a run of the tests has started. */
export interface TestServer {
  readonly name: string
  readonly port: number
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Empty when no server was found; `why` tells. */
    postgres: { servers: readonly TestServer[]; why: string }
  }
}

/** Starts every PostgreSQL there is for the tests of a run, and stops them after it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(roomyFolder(), 'countersign-postgres-'))
  // The servers run as somebody else when this is root.
  chmodSync(folder, 0o755)
  const started: Awaited<ReturnType<typeof startPostgres>>[] = []
  try {
    for (const [index, programs] of (await findPostgres(folder)).entries()) {
      const settings = { max_connections: '200', shared_buffers: '64MB' }
      started.push(await startPostgres(programs, { folder: join(folder, `${index}`), settings }))
    }
    project.provide('postgres', { servers: started.map(toTestServer), why: '' })
  } catch (error) {
    // Tests that need one fail with this; the others run.
    project.provide('postgres', { servers: [], why: String(error) })
  }
  return async () => {
    for (const server of started) await server.stop('immediate')
    rmSync(folder, { recursive: true, force: true })
  }
}

function toTestServer({ programs, port }: Awaited<ReturnType<typeof startPostgres>>): TestServer {
  return { name: `PostgreSQL of ${programs.from}`, port }
}

// Hundreds of databases: in memory nothing waits for a disk. Containers may have little of it.
function roomyFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize > 2 ** 30 ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}
