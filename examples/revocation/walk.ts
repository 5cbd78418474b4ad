// One authority, three services beside it, each a process of its own. Somebody is signed in,
// and then is not: how long until each service refuses her token?
//
//   npm run example -- revocation

import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freeAddress, openProcesses } from '../processes/processes.ts'

const processes = openProcesses(process.argv[2])
const authority = await freeAddress()
const services = await Promise.all(
  ['orders', 'reports', 'stock'].map(async (name) => ({ name, address: await freeAddress() })),
)
const password = 'correct horse battery'
const admin = { email: 'grace@example.com', password }
let people = 0

try {
  const environment = { ISSUER: authority }
  await processes.start({
    address: authority,
    args: processes.serve,
    path: '/readyz',
    environment,
  })
  await makeAdmin()
  const client = await makeClient()
  for (const { name, address } of services) {
    const args = [fileURLToPath(new URL(`${name}.ts`, import.meta.url))]
    await processes.start({ address, args, path: '/', environment: { ...environment, ...client } })
  }
  await walk()
} finally {
  await processes.end()
}

async function walk(): Promise<void> {
  console.log('Milliseconds from the answer of the authority until each service refuses:\n')
  console.log(
    line(
      '',
      services.map(({ name }) => name),
    ),
  )
  const asAdmin = await signIn(admin)

  await measure('she signs out', ({ refreshToken }) =>
    call('POST', '/logout', { body: { refreshToken } }),
  )
  await measure('she signs out everywhere', ({ accessToken }) =>
    call('DELETE', '/sessions', { accessToken }),
  )
  await measure('she changes her password', ({ accessToken }) =>
    call('POST', '/password/change', {
      accessToken,
      body: { currentPassword: password, newPassword: `${password} staple` },
    }),
  )
  await measure('her roles change', ({ user }) =>
    call('PATCH', `/admin/users/${user.id}`, { ...asAdmin, body: { roles: [] } }),
  )
  await measure('she is blocked', ({ user }) =>
    call('PATCH', `/admin/users/${user.id}`, { ...asAdmin, body: { status: 'blocked' } }),
  )
}

/** Signs somebody in, ends it, and prints when each service has heard of it. */
async function measure(cause: string, end: (person: Person) => Promise<unknown>): Promise<void> {
  const person = await register()
  for (const { address } of services) await expectStatus(address, person, 200)
  await end(person)
  const endedAt = performance.now()
  const times = await Promise.all(
    services.map(async ({ address }) => {
      while ((await statusAt(address, person)) !== 401) await sleep(1)
      return `${Math.round(performance.now() - endedAt)} ms`
    }),
  )
  console.log(line(cause, times))
}

function line(label: string, cells: readonly string[]): string {
  return `  ${label.padEnd(26)}${cells.map((cell) => cell.padStart(10)).join('')}`
}

interface Person {
  readonly accessToken: string
  readonly refreshToken: string
  readonly user: { readonly id: string }
}

async function register(): Promise<Person> {
  const body = { email: `ada${++people}@example.com`, password, transport: 'body' }
  return (await call('POST', '/register', { body })) as Person
}

async function signIn(who: { email: string; password: string }): Promise<Person> {
  return (await call('POST', '/login', { body: { ...who, transport: 'body' } })) as Person
}

async function statusAt(address: string, { accessToken }: Person): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` }
  const response = await fetch(address, { headers })
  await response.text()
  return response.status
}

async function expectStatus(address: string, person: Person, expected: number): Promise<void> {
  const status = await statusAt(address, person)
  if (status !== expected) throw new Error(`${address} answered ${status}, not ${expected}`)
}

async function call(
  method: string,
  path: string,
  { accessToken, body }: { readonly accessToken?: string; readonly body?: object } = {},
): Promise<unknown> {
  const response = await fetch(`${authority}/api/auth${path}`, {
    method,
    headers: {
      ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`)
  return response.status === 204 ? null : await response.json()
}

function makeAdmin(): Promise<string> {
  const { email } = admin
  return processes.countersign(
    'users',
    'create',
    '--email',
    email,
    '--role',
    'admin',
    '--password',
    password,
  )
}

/** What a service needs to follow the ledger. */
async function makeClient(): Promise<{ CLIENT_ID: string; CLIENT_SECRET: string }> {
  const scopes = ['revocations:read', 'tokens:introspect']
  const printed = await processes.countersign('clients', 'create', 'services', ...scopes, '--json')
  const { clientId, clientSecret } = JSON.parse(printed) as Record<string, string>
  return { CLIENT_ID: clientId ?? '', CLIENT_SECRET: clientSecret ?? '' }
}
