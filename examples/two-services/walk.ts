// One authority and two services beside it, each a process of its own, and a walk through them.
//
//   npm run example -- two-services

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

// `countersign` as it is installed, or another one that is given.
const installed = new URL('bin/countersign.js', import.meta.resolve('countersign/package.json'))
const countersign = process.argv[2] ?? fileURLToPath(installed)
const folder = mkdtempSync(join(tmpdir(), 'countersign-example-'))
const [authority, orders, reports] = await Promise.all([
  freeAddress(),
  freeAddress(),
  freeAddress(),
])
const running: ChildProcess[] = []

try {
  const server = await start(authority, [countersign, 'serve'], '/readyz')
  await start(orders, [beside('orders.ts')], '/orders')
  await start(reports, [beside('reports.ts')], '/reports')
  console.log(`authority ${authority}\norders    ${orders}\nreports   ${reports}\n`)
  await walk(() => stop(server))
} finally {
  await Promise.all(running.map(stop))
  rmSync(folder, { recursive: true })
}

async function walk(stopAuthority: () => Promise<void>): Promise<void> {
  const ada = { email: 'ada@example.com', password: 'correct horse battery', transport: 'body' }
  const first = await call('POST', `${authority}/api/auth/register`, 201, { body: ada })

  say('The same access token is good at both services. What it permits, each decides.')
  await call('GET', `${orders}/orders`, 401)
  await call('GET', `${orders}/orders`, 200, first)
  await call('DELETE', `${orders}/orders/7`, 403, first)
  await call('GET', `${reports}/reports`, 403, first)

  say('Ada becomes a manager. Her next refresh brings it along.')
  await command('roles', 'set', 'manager', 'reports:read')
  await command('users', 'set-roles', ada.email, 'manager')
  const { refreshToken } = first
  const second = await call('POST', `${authority}/api/auth/refresh`, 200, {
    body: { refreshToken },
  })
  await call('DELETE', `${orders}/orders/7`, 200, second)
  await call('GET', `${reports}/reports`, 200, second)

  say('Verifying needs no call to the authority: it may be away.')
  await stopAuthority()
  await call('GET', `${orders}/orders`, 200, second)
}

interface Tokens {
  readonly accessToken?: string
  readonly refreshToken?: string
}

/** Sends a request, prints it and its status, and throws if another was expected. */
async function call(
  method: string,
  url: string,
  expected: number,
  { accessToken, body }: Tokens & { readonly body?: object } = {},
): Promise<Tokens> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  console.log(`  ${response.status}  ${method} ${url}`)
  if (response.status !== expected) throw new Error(`${expected} was expected`)
  return (await response.json()) as Tokens
}

/** Runs `countersign` on the authority's database while it serves. */
async function command(...args: string[]): Promise<void> {
  console.log(`       countersign ${args.join(' ')}`)
  const [code] = await once(run([countersign, ...args]), 'exit')
  if (code !== 0) throw new Error(`countersign ended with ${code}`)
}

async function start(address: string, args: string[], path: string): Promise<ChildProcess> {
  const child = run(args, { PORT: new URL(address).port, ISSUER: authority })
  running.push(child)
  while (!(await fetch(address + path).catch(() => null))) {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`)
    await sleep(50)
  }
  return child
}

function run(args: string[], more: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, ...args], {
    env: {
      ...process.env,
      DATABASE_URL: `sqlite:${join(folder, 'authority.db')}`,
      LOG_LEVEL: 'error',
      NODE_ENV: 'production',
      ...more,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://localhost:${port}`
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

function say(text: string): void {
  console.log(`\n${text}`)
}
