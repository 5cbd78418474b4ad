import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import type { PostgresPrograms } from './find-servers.ts'

/** A PostgreSQL server that was started here. */
export interface PostgresServer {
  readonly programs: PostgresPrograms
  readonly port: number
  /** Of its main process. */
  readonly pid: number
  /** `postgres://…` of a database in it. */
  url(database: string): string
  /** Ends it: `fast` finishes nothing and loses nothing, `immediate` is a crash. */
  stop(how?: 'fast' | 'immediate'): Promise<void>
  /** Starts it again after a stop, on the same port. */
  start(): Promise<void>
  /** Starts it again if it has ended by itself, or is about to. */
  revive(): Promise<void>
}

export interface PostgresServerOptions {
  /** Made by this, and to be removed by whoever gave it. */
  readonly folder: string
  /** Default: one that is free. */
  readonly port?: number
  /** As `-c` takes them. */
  readonly settings?: Readonly<Record<string, string>>
  /** Of `initdb`, besides those every cluster has. */
  readonly initOptions?: readonly string[]
}

/** Makes a cluster of databases in a folder and starts a server for it, on loopback alone. */
export async function startPostgres(
  programs: PostgresPrograms,
  { folder, port: wanted, settings = {}, initOptions = [] }: PostgresServerOptions,
): Promise<PostgresServer> {
  const who = unprivilegedUser()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (who) chownSync(folder, who.uid, who.gid)
  const data = join(folder, 'data')
  const make = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']
  execFileSync(join(programs.folder, 'initdb'), [...make, ...initOptions], {
    ...who,
    cwd: folder,
    stdio: 'pipe',
  })

  const port = wanted ?? (await freePort())
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, ...settings }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let child: ChildProcess | null = null
  let guard: ChildProcess | null = null
  const start = async () => {
    const begin = ['-D', data, '-p', String(port), ...options]
    child = spawn(join(programs.folder, 'postgres'), begin, {
      ...who,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    guard = guardOf(child)
    await untilReady(child)
  }
  const stop = async (how: 'fast' | 'immediate' = 'fast') => {
    guard?.kill('SIGKILL')
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT')
    await ended
  }
  await start()
  return {
    programs,
    port,
    get pid() {
      return child?.pid ?? 0
    },
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    stop,
    start,
    async revive() {
      if (await isAnswering(port)) return
      await stop('immediate')
      await start()
    },
  }
}

async function isAnswering(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

// Whoever started it may be killed and stop nothing. Its pipe closes then, whatever happened.
function guardOf({ pid }: ChildProcess): ChildProcess {
  const guard = spawn('sh', ['-c', 'read _; kill -QUIT "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.unref()
  return guard
}

// PostgreSQL refuses to run as root.
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (what: string) => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-10_000)
      if (said.includes('ready to accept connections')) resolve()
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${said}`)))
  })
}
