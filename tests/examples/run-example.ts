import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

// Examples as a reader runs them, a process each, on the source of the packages.

/** How long an example may take until it answers (milliseconds). */
const patienceMs = 25_000
const pollMs = 50

/** The repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url))

export interface ExampleOptions {
  readonly args?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** An example that answers. */
export interface Example {
  /** Without a slash at the end. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts an example in a folder of its own and waits until it answers.
 *
 * @param path Of the file, from the root of the repository.
 */
export async function startExample(
  path: string,
  { args = [], environment = {} }: ExampleOptions = {},
): Promise<Example> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-example-'))
  const port = await freePort()
  const child = spawnNode([join(root, path), ...args], {
    cwd: folder,
    environment: { PORT: String(port), ...environment },
  })
  const said = outputOf(child)
  const stop = async () => {
    await end(child)
    rmSync(folder, { recursive: true })
  }
  const url = `http://localhost:${port}`
  try {
    await untilAnswers(`${url}/orders`, child)
  } catch (error) {
    await stop()
    throw new Error(`${path} does not answer: ${await said}`, { cause: error })
  }
  return { url, stop }
}

/** Runs a program of this repository to its end. */
export async function runToEnd(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: unknown; said: string }> {
  const child = spawnNode(args, { cwd: root, environment })
  const said = outputOf(child)
  const [code] = await once(child, 'close')
  return { code, said: await said }
}

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function spawnNode(
  args: readonly string[],
  { cwd, environment }: { cwd: string; environment: Readonly<Record<string, string>> },
): ChildProcess {
  return spawn(process.execPath, ['--conditions=@countersign/source', ...args], {
    cwd,
    // A start takes half the time when what was compiled is kept.
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: join(root, '.cache', 'compile'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function outputOf({ stdout, stderr }: ChildProcess): Promise<string> {
  const streams = [stdout, stderr].filter((stream) => stream !== null)
  return (await Promise.all(streams.map((stream) => text(stream)))).join('')
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!(await fetch(url).catch(() => null))) {
    if (hasEnded(child)) throw new Error('it has ended')
    if (performance.now() > deadline) throw new Error('it takes too long')
    await sleep(pollMs)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
