import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const startTimeoutMs = 20_000
const stopTimeoutMs = 5000

/** A server under test: a process of its own, on loopback, with a folder of its own. */
export interface ServerProcess {
  readonly origin: string
  stop(): Promise<void>
}

export interface ServerOptions {
  readonly name: string
  /** What Node runs. */
  readonly args: readonly string[]
  /** Besides `PORT`. */
  readonly env: (folder: string, origin: string) => Record<string, string>
}

/** Every server under test, with its folder: none outlives this process. */
const running = new Map<ChildProcess, string>()
process.once('exit', () => {
  for (const [child, folder] of running) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

/** @throws {Error} The server has ended, or does not listen, within 20 seconds. */
export async function startServer({ name, args, env }: ServerOptions): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-'))
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], PORT: String(port), ...env(folder, origin) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const complaint = tailOf(child)
  running.set(child, folder)
  const stop = async () => {
    await endProcess(child)
    running.delete(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await waitUntilListening(child, origin)
  } catch (error) {
    await stop()
    throw new Error(`${name}: ${complaint()}`, { cause: error })
  }
  return { origin, stop }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function waitUntilListening(child: ChildProcess, origin: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error('the server ended before it listened')
    if (await answers(origin)) return
    await sleep(50)
  }
  throw new Error(`nothing listens on ${origin}`)
}

/** The end of what a process writes on standard error: shown only when it does not start. */
function tailOf(child: ChildProcess): () => string {
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-2000)
  })
  return () => tail
}

async function answers(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/readyz`)
    await answer.arrayBuffer()
    // A rival has no /readyz: its 404 says as much.
    return answer.status !== 503
  } catch {
    return false
  }
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(force)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
