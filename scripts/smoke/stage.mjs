import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, root } from '../setup/run.mjs'

const countersign = join(root, 'packages', 'auth', 'bin', 'countersign.js')
const ordersService = join(root, 'examples', 'two-services', 'orders.ts')

/** How long a process may take until it answers (milliseconds). */
const patienceMs = 30_000
const pollMs = 50

/**
 * @typedef {{
 *   authority: string,
 *   orders: string,
 *   command: (args: string[], input?: string) => Promise<void>,
 *   stopAuthority: () => Promise<void>,
 *   close: () => void,
 * }} Stage
 * Two addresses; `command` runs `countersign` on the authority's database; `close` ends what
 * still runs and removes the database, as happens when this process ends before.
 *
 * @typedef {{ child: import('node:child_process').ChildProcess, said: () => string }} Program
 */

/**
 * Starts an authority with a new database, and a service that accepts its tokens.
 *
 * @param {string} node
 * @returns {Promise<Stage>}
 * @throws {Failure} One does not start; the message holds all it said.
 */
export async function startStage(node) {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-smoke-'))
  /** @type {Program[]} */
  const programs = []
  const close = () => {
    for (const { child } of programs) child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', close)
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))

  const [authorityPort, ordersPort] = [await freePort(), await freePort()]
  const authority = `http://localhost:${authorityPort}`
  const orders = `http://localhost:${ordersPort}`
  // The shortest lives there are.
  const environment = {
    DATABASE_URL: `sqlite:${join(folder, 'smoke.db')}`,
    ACCESS_TOKEN_EXPIRY: '1m',
    REFRESH_TOKEN_EXPIRY: '5m',
    LOG_LEVEL: 'warn',
  }
  const server = launch(node, [countersign, 'serve'], { ...environment, PORT: `${authorityPort}` })
  programs.push(server)
  await untilAnswers(`${authority}/readyz`, server)
  const service = launch(node, [ordersService], { ISSUER: authority, PORT: `${ordersPort}` })
  programs.push(service)
  await untilAnswers(orders, service)

  return {
    authority,
    orders,
    async command(args, input) {
      const program = launch(node, [countersign, ...args], environment, input)
      await requireCode(program, 0)
    },
    async stopAuthority() {
      server.child.kill('SIGTERM')
      await requireCode(server, 0)
    },
    close,
  }
}

/**
 * Of the reader's environment a child gets `PATH` alone: what is set there is not for us.
 *
 * @param {string} node
 * @param {string[]} args
 * @param {Record<string, string>} environment
 * @param {string} [input]
 * @returns {Program}
 */
function launch(node, args, environment, input) {
  const env = { PATH: process.env['PATH'], ...environment }
  const child = spawn(node, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text
    })
  }
  return { child, said: () => said }
}

/**
 * @param {string} url
 * @param {Program} program
 */
async function untilAnswers(url, { child, said }) {
  const deadline = performance.now() + patienceMs
  while (!(await fetch(url).catch(() => null))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null
    if (hasEnded || performance.now() > deadline) {
      throw new Failure(`${url} does not answer. It said:\n${said()}`)
    }
    await sleep(pollMs)
  }
}

/**
 * @param {Program} program
 * @param {number} wanted
 */
async function requireCode({ child, said }, wanted) {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  if (child.exitCode === wanted) return
  throw new Error(`it ended with ${child.exitCode ?? child.signalCode}: ${said()}`)
}

async function freePort() {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}
