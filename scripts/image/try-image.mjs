import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../setup/run.mjs'

const startMs = 30_000
const stopMs = 10_000

/**
 * Runs an image as its settings say and uses it.
 *
 * @param {string} tag
 */
export async function tryImage(tag) {
  const container = buildah('from', '--pull-never', tag)
  try {
    await use(container, settingsOf(tag))
  } finally {
    buildah('rm', container)
  }
}

/** @typedef {{ User: string, Entrypoint: string[], Cmd: string[], Healthcheck: { Test: string[] }, StopSignal: string }} Settings */

/**
 * @param {string} container
 * @param {Settings} settings
 */
async function use(container, settings) {
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const runArgs = ['run', '--isolation', 'chroot', '--user', settings.User]
  const environment = [
    '--env',
    `ISSUER=${issuer}`,
    '--env',
    `PORT=${port}`,
    '--env',
    'HOST=127.0.0.1',
  ]
  const files = buildah('mount', container)
  const before = filesBelow(files)
  const server = spawn(
    'buildah',
    [...runArgs, ...environment, container, '--', ...settings.Entrypoint, ...settings.Cmd],
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  )
  try {
    await untilReady(issuer)
    await signUp(issuer)
    const [kind, ...probe] = settings.Healthcheck.Test
    if (kind !== 'CMD') throw new Failure('The image has no health check.')
    execFileSync('buildah', [...runArgs, ...environment, container, '--', ...probe])
    console.log('It is ready, signs people up and is healthy.')

    const startedMs = performance.now()
    const ended = once(server, 'exit')
    process.kill(innermost(Number(server.pid)), 'SIGTERM')
    const [code] = await Promise.race([ended, sleep(stopMs).then(() => ['none'])])
    if (code !== 0) throw new Failure(`It should stop within ${stopMs} ms with 0, not ${code}.`)
    console.log(`It stopped after ${Math.round(performance.now() - startedMs)} ms.`)
  } finally {
    if (server.exitCode === null && server.signalCode === null)
      process.kill(-Number(server.pid), 'SIGKILL')
  }
  // What is in the volume is not among them.
  const astray = filesBelow(files).filter((file) => !before.includes(file))
  if (astray.length > 0) throw new Failure(`It wrote to ${astray.join(', ')}.`)
  console.log('It wrote nothing outside of its volume.')
}

/**
 * The server itself, below the programs that run it.
 *
 * @param {number} pid
 * @returns {number}
 */
function innermost(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  const [child] = stdout.split('\n').filter(Boolean).map(Number)
  return child === undefined ? pid : innermost(child)
}

/** @param {string} issuer */
async function untilReady(issuer) {
  const deadline = performance.now() + startMs
  while (performance.now() < deadline) {
    const answer = await fetch(`${issuer}/readyz`).catch(() => null)
    if (answer?.ok) return
    await sleep(100)
  }
  throw new Failure(`It is not ready after ${startMs} ms.`)
}

/** @param {string} issuer */
async function signUp(issuer) {
  const answer = await fetch(`${issuer}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: 'ada@example.com',
      password: 'violet harbour lantern',
      transport: 'body',
    }),
  })
  if (answer.status !== 201) throw new Failure(`Signing up answered ${answer.status}.`)
}

/**
 * @param {string} tag
 * @returns {Settings}
 */
function settingsOf(tag) {
  const image = /** @type {{ Docker: { config: Settings } }} */ (
    JSON.parse(buildah('inspect', '--type', 'image', tag))
  )
  return image.Docker.config
}

/** @param {string} folder */
function filesBelow(folder) {
  const text = execFileSync('find', ['.', '-xdev', '-type', 'f'], { cwd: folder, encoding: 'utf8' })
  return text.split('\n').filter(Boolean)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Failure('No port is free.')
  return address.port
}

/** @param {string[]} args */
function buildah(...args) {
  return execFileSync('buildah', args, { encoding: 'utf8' }).trim()
}
