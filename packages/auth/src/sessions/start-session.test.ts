import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deriveSecretKeys } from '../crypto/secrets.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { hashRefreshSecret, parseRefreshToken } from '../tokens/refresh-token.ts'
import { startSession } from './start-session.ts'

const start = 1_800_000_000
const secrets = { current: deriveSecretKeys(Buffer.alloc(32, 1)), previous: null }
const random = fakeRandom()

const user: User = {
  id: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
  email: 'ada@example.com',
  emailKey: 'ada@example.com',
  emailVerified: true,
  username: null,
  name: null,
  passwordHash: 'not a hash',
  status: 'active',
  roles: [],
  tokenVersion: 0,
  rolesVersion: 0,
  sessionVersion: 4,
  createdAt: start,
  updatedAt: start,
}

let stores: Stores

beforeEach(async () => {
  stores = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
  await stores.users.create(user)
})

afterEach(() => stores.close())

function signIn({ absoluteSeconds = 7200, maxSessionsPerUser = 100, at = start } = {}) {
  const settings = {
    idleSeconds: 3600,
    absoluteSeconds,
    replayWindowSeconds: 60,
    onReuse: 'session' as const,
    maxSessionsPerUser,
    onContextChange: 'record' as const,
  }
  return startSession(
    { clock: fakeClock(at), random, secrets, stores, settings },
    { user, ip: '192.0.2.1', userAgent: 'curl/8', authMethods: ['pwd'] },
  )
}

describe('a new session', () => {
  test('is stored as it is returned', async () => {
    const { session } = await signIn()
    expect(await stores.sessions.find(session.id)).toEqual(session)
  })

  test('carries what the sign-in was', async () => {
    const { session } = await signIn()
    expect(session).toMatchObject({
      userId: user.id,
      status: 'active',
      authVersion: 4,
      generation: 0,
      authMethods: ['pwd'],
      ip: '192.0.2.1',
      userAgent: 'curl/8',
    })
  })

  test('ends after the idle lifetime, and in any case after the absolute one', async () => {
    const { session } = await signIn()
    expect([session.expiresAt, session.maxExpiresAt]).toEqual([start + 3600, start + 7200])
  })

  test('does not outlive an absolute lifetime that is shorter than the idle one', async () => {
    const { session } = await signIn({ absoluteSeconds: 600 })
    expect(session.expiresAt).toBe(start + 600)
  })

  test('has a first token of which only the hash is kept', async () => {
    const { session, refreshToken } = await signIn()
    const token = parseRefreshToken(secrets, refreshToken)
    expect(token).toMatchObject({ sessionId: session.id, generation: 0 })
    expect(session.generations).toEqual([
      { hash: hashRefreshSecret(token?.secret ?? new Uint8Array()), startedAt: start },
    ])
  })
})

test('sign-ins in the same second get distinct sessions and tokens (G2)', async () => {
  const signIns = await Promise.all(Array.from({ length: 100 }, () => signIn()))
  expect(new Set(signIns.map(({ session }) => session.id)).size).toBe(100)
  expect(new Set(signIns.map(({ refreshToken }) => refreshToken)).size).toBe(100)
})

test('one session too many ends the least recently used one (G5)', async () => {
  const oldest = await signIn({ maxSessionsPerUser: 2, at: start })
  const older = await signIn({ maxSessionsPerUser: 2, at: start + 1 })
  const newest = await signIn({ maxSessionsPerUser: 2, at: start + 2 })
  const active = await stores.sessions.listActive(user.id)
  expect(active.map(({ id }) => id)).toEqual([newest.session.id, older.session.id])
  const ended = await stores.sessions.find(oldest.session.id)
  expect(ended?.endReason).toBe('session_limit')
})
