// What the walks share: an authority and services, each a process of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Processes of one walk, on one database that goes with them. */
export interface Processes {
  /** Runs `countersign` on the authority's database. @returns What it printed. */
  countersign(...args: string[]): Promise<string>
  /** Starts a program at an address, and waits until it answers. */
  start(input: {
    readonly address: string
    readonly args: readonly string[]
    readonly path: string
    readonly environment?: Readonly<Record<string, string>>
  }): Promise<ChildProcess>
  /** Arguments that serve the authority. */
  readonly serve: readonly string[]
  stop(child: ChildProcess): Promise<void>
  /** Stops everything and removes the database. */
  end(): Promise<void>
}

/** @param program `countersign` as it is installed, or another one that is given. */
export function openProcesses(program: string = installedProgram()): Processes {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-example-'))
  const running: ChildProcess[] = []

  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    spawn(process.execPath, [...process.execArgv, ...args], {
      env: {
        ...process.env,
        DATABASE_URL: `sqlite:${join(folder, 'authority.db')}`,
        LOG_LEVEL: 'error',
        NODE_ENV: 'production',
        ...more,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })

  return {
    serve: [program, 'serve'],
    async countersign(...args) {
      const child = run([program, ...args])
      let printed = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text
      })
      const [code] = await once(child, 'close')
      if (code !== 0) throw new Error(`countersign ended with ${code}`)
      return printed
    },
    async start({ address, args, path, environment }) {
      const child = run(args, { PORT: new URL(address).port, ...environment })
      child.stdout.resume()
      running.push(child)
      while (!(await fetch(address + path).catch(() => null))) {
        if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended`)
        await sleep(50)
      }
      return child
    },
    stop,
    async end() {
      await Promise.all(running.map(stop))
      rmSync(folder, { recursive: true })
    },
  }
}

/** An address on this machine that nobody uses. */
export async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://localhost:${port}`
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

function installedProgram(): string {
  const program = new URL('bin/countersign.js', import.meta.resolve('countersign/package.json'))
  return fileURLToPath(program)
}
