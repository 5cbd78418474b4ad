import { AuthError } from '../../packages/auth/src/base/errors.ts'
import type { Deps } from '../../packages/auth/src/features/deps.ts'

/** What an authority works with, each function of which can be made to fail. */
export interface Faults {
  /** Wraps the parts of `deps` that do work outside of the request. */
  readonly into: (deps: Deps) => Partial<Deps>
  /** The functions that were called since the last reset, such as `sessions.end`. */
  readonly called: ReadonlySet<string>
  /** Lets one function fail from now on, or with `null` none. */
  fail(name: string | null, error?: () => Error): void
  reset(): void
}

/** What nobody expected, with details that are nobody's business. */
export const unexpected = (): Error => new Error('ECONNREFUSED 10.1.2.3 password=internal-detail')

/** What a store says that is not there. */
export const unavailable = (): Error =>
  new AuthError('UNAVAILABLE', { detail: 'internal-detail', retryAfterSeconds: 5 })

// The background calls it whenever it likes, and no request waits for it.
const ofBackground = 'audit.seal'

export function createFaults(): Faults {
  const called = new Set<string>()
  let failing: string | null = null
  let makeError = unexpected

  function wrap<Part extends object>(part: Part, label: string): Part {
    // Not a proxy of the part itself: it may be frozen, and then shows what it holds or nothing.
    return new Proxy({} as Part, {
      get(_, property) {
        const value: unknown = Reflect.get(part, property)
        if (typeof value !== 'function') return value
        return (...input: unknown[]): unknown => {
          const name = `${label}.${String(property)}`
          if (name !== ofBackground) called.add(name)
          if (name === failing) throw makeError()
          return Reflect.apply(value, part, input)
        }
      },
    })
  }

  return {
    called,
    reset: () => called.clear(),
    fail(name, error = unexpected) {
      failing = name
      makeError = error
    },
    into: ({ stores, hasher, keys, verifier }) => ({
      stores: {
        users: wrap(stores.users, 'users'),
        sessions: wrap(stores.sessions, 'sessions'),
        roles: wrap(stores.roles, 'roles'),
        signingKeys: stores.signingKeys,
        revocations: stores.revocations,
        clients: wrap(stores.clients, 'clients'),
        counters: wrap(stores.counters, 'counters'),
        statuses: wrap(stores.statuses, 'statuses'),
        eventStreams: wrap(stores.eventStreams, 'eventStreams'),
        audit: wrap(stores.audit, 'audit'),
        outbox: wrap(stores.outbox, 'outbox'),
        oneTimeTokens: wrap(stores.oneTimeTokens, 'oneTimeTokens'),
        knownDevices: wrap(stores.knownDevices, 'knownDevices'),
        isShared: stores.isShared,
        connections: () => stores.connections(),
        installation: stores.installation,
        check: wrap(stores, 'stores').check,
        close: () => stores.close(),
      },
      hasher: wrap(hasher, 'hasher'),
      keys: wrap(keys, 'keys'),
      verifier: wrap(verifier, 'verifier'),
    }),
  }
}
