import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { Stores } from '../model/stores.ts'
import { traced } from './tracing.ts'

const aggregates = [
  'users',
  'sessions',
  'roles',
  'signingKeys',
  'revocations',
  'clients',
  'installation',
  'counters',
  'statuses',
  'eventStreams',
] as const

/** The same stores, with a span around each call. */
export function tracedStores(stores: Stores): Stores {
  const wrapped = Object.fromEntries(
    aggregates.map((name) => [name, tracedStore(name, stores[name])]),
  )
  return { ...stores, ...wrapped }
}

function tracedStore<Store extends object>(aggregate: string, store: Store): Store {
  const calls = Object.entries(store).map(([method, call]: [string, unknown]) => {
    if (typeof call !== 'function' || method === 'onWritten') return [method, call] as const
    const name = `store ${aggregate}.${method}`
    const around = (...args: unknown[]) =>
      traced(name, {}, () => (call as (...given: unknown[]) => Promise<unknown>)(...args))
    return [method, around] as const
  })
  return Object.fromEntries(calls) as Store
}

/** The same hasher, with a span around the wait and the work. */
export function tracedHasher(hasher: PasswordHasher): PasswordHasher {
  return {
    hash: (...args) => traced('hash password', {}, () => hasher.hash(...args)),
    verify: (...args) => traced('verify password', {}, () => hasher.verify(...args)),
    load: () => hasher.load(),
  }
}
