// One authority and two services beside it, each a process of its own, and a walk through them.
//
//   npm run example -- two-services

import { fileURLToPath } from 'node:url'
import { freeAddress, openProcesses } from '../processes/processes.ts'

const processes = openProcesses(process.argv[2])
const [authority, orders, reports] = await Promise.all([
  freeAddress(),
  freeAddress(),
  freeAddress(),
])
const environment = { ISSUER: authority }

try {
  const { start, serve } = processes
  const server = await start({ address: authority, args: serve, path: '/readyz', environment })
  await start({ address: orders, args: [beside('orders.ts')], path: '/orders', environment })
  await start({ address: reports, args: [beside('reports.ts')], path: '/reports', environment })
  console.log(`authority ${authority}\norders    ${orders}\nreports   ${reports}\n`)
  await walk(() => processes.stop(server))
} finally {
  await processes.end()
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
  await processes.countersign(...args)
}

function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

function say(text: string): void {
  console.log(`\n${text}`)
}
