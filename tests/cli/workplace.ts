import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

// Commands as people run them: a process each, on a database in a folder of its own, and
// nothing of the environment the tests run in.

export const main: string = fileURLToPath(
  new URL('../../packages/auth/src/cli/main.ts', import.meta.url),
)

/** What a process that runs the command from source is started with. */
export const nodeFlags: readonly string[] = ['--conditions=@countersign/source']

export type Environment = Readonly<Record<string, string>>

/** What came of a command. */
export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How a command is run. */
export interface Call {
  /** What is piped in. Default: nothing, as from an empty file. */
  readonly input?: string
  readonly environment?: Environment
}

/** A folder with a database, and commands that act on it. */
export interface Workplace {
  readonly folder: string
  readonly environment: Environment
  run(args: readonly string[], call?: Call): Promise<Outcome>
  /** Runs a command that must end well. @returns What it says on standard output. */
  done(args: readonly string[], call?: Call): Promise<string>
  /** The same, with `--json`. @returns The document. */
  json(args: readonly string[], call?: Call): Promise<Record<string, unknown>>
  /** Another one, with a copy of the database as it is. No server may be running on it. */
  copy(): Workplace
  /** Starts a server and waits until it answers. Stopped with {@link remove}. */
  serve(environment?: Environment): Promise<string>
  remove(): Promise<void>
}

export const password = 'correct horse battery'

/** A migrated database with the administrator ada@example.com. */
export async function createWorkplace(): Promise<Workplace> {
  const workplace = emptyWorkplace()
  await workplace.done(['migrate'])
  await workplace.done(
    ['users', 'create', '--email', 'ada@example.com', '--username', 'ada', '--role', 'admin'],
    { input: `${password}\n` },
  )
  return workplace
}

/** A folder without a database. */
export function emptyWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'))
  const environment = { DATABASE_URL: `sqlite:${join(folder, 'c.db')}` }
  const servers: ChildProcess[] = []
  const copies: Workplace[] = []

  const run = async (args: readonly string[], { input, environment: more }: Call = {}) => {
    const stdin = input === undefined ? 'ignore' : 'pipe'
    const child = start(args, { cwd: folder, env: { ...environment, ...more }, stdin })
    child.stdin?.end(input)
    return outcomeOf(child)
  }
  const done = async (args: readonly string[], call?: Call) => {
    const { code, stdout, stderr } = await run(args, call)
    if (code !== 0 || stderr !== '') throw new Error(`${args.join(' ')}: ${code} ${stderr}`)
    return stdout
  }
  return {
    folder,
    environment,
    run,
    done,
    json: async (args, call) => JSON.parse(await done([...args, '--json'], call)),
    copy() {
      const copy = emptyWorkplace()
      for (const name of ['c.db', 'c.secret']) {
        copyFileSync(join(folder, name), join(copy.folder, name))
      }
      copies.push(copy)
      return copy
    },
    async serve(more = {}) {
      const port = await freePort()
      const env = { ...environment, PORT: String(port), LOG_LEVEL: 'error', ...more }
      servers.push(start(['serve'], { cwd: folder, env, stdin: 'ignore' }))
      return await answering(`http://localhost:${port}`)
    },
    async remove() {
      await Promise.all(servers.map(stop))
      await Promise.all(copies.map((copy) => copy.remove()))
      rmSync(folder, { recursive: true })
    },
  }
}

function start(
  args: readonly string[],
  { cwd, env, stdin }: { cwd: string; env: Environment; stdin: 'ignore' | 'pipe' },
): ChildProcess {
  const stdio: StdioOptions = [stdin, 'pipe', 'pipe']
  return spawn(process.execPath, [...nodeFlags, main, ...args], { cwd, env, stdio })
}

/** Waits for a process to end, and for everything it says. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) =>
    stream ? text(stream) : Promise.resolve(''),
  )
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout: (await stdout) ?? '', stderr: (await stderr) ?? '' }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answering(url: string): Promise<string> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return url
    await sleep(100)
  }
  throw new Error('the server does not answer')
}
