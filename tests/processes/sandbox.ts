import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, vi } from 'vitest'

/** Environment variables of a child. Of the tests' own it inherits `PATH` alone. */
export type Environment = Readonly<Record<string, string>>

/** One line of a log in JSON. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string }

/** How a process ended: with an exit code or by a signal. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A program under test, from its start on. */
export interface Program {
  readonly child: ChildProcess
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string }
  readonly ended: Promise<Ending>
}

/** A server that has said it listens. */
export interface Server extends Program {
  /** Without a slash at the end. */
  readonly url: string
  /** Its log so far. */
  logs(): LogLine[]
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ending>
}

/** How `countersign` is started. */
export interface Launch {
  /** Laid over what makes it serve in the sandbox. */
  readonly environment?: Environment
  /** Of `countersign`. Default `serve`. */
  readonly args?: readonly string[]
  /** Written to standard input. */
  readonly input?: string
  /** Runs under the modes of files as everybody but root does. */
  readonly obeysModes?: boolean
  /** Gives it a terminal, which shows both outputs on `stdout`. */
  readonly onTerminal?: boolean
}

/** A folder of its own for a test file, and the processes that run in it. */
export interface Sandbox {
  readonly folder: string
  /** Starts `countersign` and does not wait. */
  launch(launch?: Launch): Program
  /** Runs `countersign` to its end. */
  run(launch?: Launch): Promise<Program['output'] & Ending>
  /** Starts a server and waits until it listens. */
  serve(environment?: Environment): Promise<Server>
}

/** What the issuer is called. Servers listen on a port of their own all the same. */
export const issuer = 'http://localhost:4000'

// A start takes half the time when what was compiled is kept. Node checks that it is current.
const compileCache = fileURLToPath(new URL('../../.cache/compile', import.meta.url))

// From source, not from a build.
const entryPoint = fileURLToPath(new URL('../../packages/auth/src/cli/main.ts', import.meta.url))
const countersign: readonly string[] = [
  process.execPath,
  '--conditions=@countersign/source',
  entryPoint,
]

/**
 * Makes a sandbox for one test file. When its tests are over, what still runs is killed, each
 * process by its id, and the folder is removed.
 */
export function createSandbox(): Sandbox {
  // Starting a process takes seconds on a busy machine.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })
  const folder = mkdtempSync(join(tmpdir(), 'countersign-processes-'))
  const programs: Program[] = []
  afterAll(async () => {
    for (const { child } of programs) child.kill('SIGKILL')
    await Promise.all(programs.map(({ ended }) => ended))
    rmSync(folder, { recursive: true, force: true })
  })

  const environment = {
    PORT: '0',
    ISSUER: issuer,
    DATABASE_URL: `sqlite:${join(folder, 'countersign.db')}`,
    LOG_FORMAT: 'json',
  }
  const launch = (options: Launch = {}) => {
    const all = { ...environment, ...options.environment }
    const program = start({ ...options, environment: all }, folder)
    programs.push(program)
    return program
  }
  return {
    folder,
    launch,
    async run(options) {
      const program = launch(options)
      const ending = await program.ended
      return { ...program.output, ...ending }
    },
    serve: async (environment = {}) => await listening(launch({ environment })),
  }
}

function start(launch: Launch, cwd: string): Program {
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: compileCache,
    ...launch.environment,
  }
  const [command = '', ...rest] = commandLine(launch)
  const child = spawn(command, rest, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => {}) // It may end before it reads.
  child.stdin.end(launch.input)
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  return { child, output, ended }
}

function commandLine({ args = ['serve'], obeysModes, onTerminal }: Launch): string[] {
  const words = [...countersign, ...args]
  if (obeysModes) return [...withoutPrivilege(), ...words]
  // Of util-linux: that of BSD takes other arguments.
  if (onTerminal) return ['script', '-qec', words.map((word) => `'${word}'`).join(' '), '/dev/null']
  return words
}

// Root may write whatever the mode says, unless the right to do so is taken from the process.
function withoutPrivilege(): string[] {
  if (process.getuid?.() !== 0) return []
  return ['setpriv', '--inh-caps=-all', '--bounding-set=-dac_override,-dac_read_search', '--']
}

/** Waits until a server listens. Rejects with what it said when it ends instead. */
async function listening(program: Program): Promise<Server> {
  const { child, output, ended } = program
  const { port } = await logged(program, ({ event }) => event === 'server.started')
  return {
    ...program,
    url: `http://127.0.0.1:${Number(port)}`,
    logs: () => logLines(output.stdout),
    stop(signal) {
      child.kill(signal)
      return ended
    },
  }
}

/** Waits for a line in the log of a server, which may be there already. */
export function logged(program: Program, isWanted: (line: LogLine) => boolean): Promise<LogLine> {
  return outputWith(program, ({ stdout }) => logLines(stdout).find(isWanted))
}

/** Waits until something is found in what a program has written. */
export function outputWith<Found>(
  { child, output, ended }: Program,
  find: (output: Program['output']) => Found | null | undefined,
): Promise<Found> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = find(output)
      if (found === null || found === undefined) return
      child.stdout?.off('data', look)
      child.stderr?.off('data', look)
      resolve(found)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    look()
    void ended.then(({ code, signal }) =>
      reject(new Error(`The server ended (${code ?? signal}): ${output.stderr}${output.stdout}`)),
    )
  })
}

/** The complete lines of a log in JSON. Lines that are no JSON throw. */
function logLines(stdout: string): LogLine[] {
  const lines = stdout.slice(0, stdout.lastIndexOf('\n') + 1).split('\n')
  return lines.filter(Boolean).map((line) => JSON.parse(line) as LogLine)
}
