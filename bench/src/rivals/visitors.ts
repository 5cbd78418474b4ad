import { type Dispatcher, Pool } from 'undici'
import { send, type Visitor } from '../measure/closed-loop.ts'
import type { AccountService, Login } from './account-service.ts'

const password = 'violet-harbour-27-lantern'

/** Accounts nobody has registered yet. */
export function newLogins(prefix: string, count: number): Login[] {
  return Array.from({ length: count }, (_, index) => ({
    email: `${prefix}-${index}@example.com`,
    password,
  }))
}

/** @throws {Error} An account could not be registered. */
export async function registerAll(
  service: AccountService,
  origin: string,
  logins: readonly Login[],
): Promise<void> {
  await withPool(origin, (pool) =>
    Promise.all(
      logins.map(async (login) => {
        const { status } = await send(pool, service.register(login))
        if (status >= 300) throw new Error(`${service.name} answers ${status} to register`)
      }),
    ),
  )
}

/** Registers a new account each time. */
export function registers(service: AccountService, prefix: string): Visitor {
  let count = 0
  return {
    request: () => service.register({ email: `${prefix}-${count++}@example.com`, password }),
    receive: () => undefined,
  }
}

/** Signs in over and over. */
export function signsIn(service: AccountService, login: Login): Visitor {
  const request = service.login(login)
  return { request: () => request, receive: () => undefined }
}

/**
 * Visitors who have signed in, one to an account, and keep their sessions alive: each
 * refresh presents what the last one gave.
 *
 * @throws {Error} An account could not sign in.
 */
export function signedIn(
  service: AccountService,
  origin: string,
  logins: readonly Login[],
): Promise<Visitor[]> {
  return withPool(origin, (pool) =>
    Promise.all(
      logins.map(async (login) => {
        const answer = await send(pool, service.login(login))
        const credential = answer.status === 200 ? service.credential(answer) : null
        if (!credential) throw new Error(`${service.name} answers ${answer.status} to login`)
        return refreshes(service, credential)
      }),
    ),
  )
}

function refreshes(service: AccountService, firstCredential: string): Visitor {
  let credential = firstCredential
  return {
    request: () => service.refresh(credential),
    receive: (answer) => {
      const next = answer.status === 200 ? service.credential(answer) : null
      credential = next ?? credential
    },
  }
}

// A few at a time, so that preparing a run is not itself a flood.
async function withPool<T>(origin: string, use: (pool: Dispatcher) => Promise<T>): Promise<T> {
  const pool = new Pool(origin, { connections: 4 })
  try {
    return await use(pool)
  } finally {
    await pool.destroy()
  }
}
