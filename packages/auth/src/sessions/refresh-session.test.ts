import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AuthError } from '../base/errors.ts'
import { deriveSecretKeys } from '../crypto/secrets.ts'
import type { SessionStore } from '../model/session.ts'
import type { Stores } from '../model/stores.ts'
import type { User, UserChange } from '../model/user.ts'
import { type LogFields, silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { maxGeneration } from '../tokens/refresh-token.ts'
import { type RefreshResult, refreshSession } from './refresh-session.ts'
import { type SessionDeps, startSession } from './start-session.ts'

const start = 1_800_000_000
const oldKeys = deriveSecretKeys(Buffer.alloc(32, 1))
const newKeys = deriveSecretKeys(Buffer.alloc(32, 2))

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
  sessionVersion: 0,
  createdAt: start,
  updatedAt: start,
}

let stores: Stores
let clock: FakeClock
let deps: SessionDeps
let warnings: LogFields[]

beforeEach(async () => {
  stores = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
  await stores.users.create(user)
  clock = fakeClock(start)
  warnings = []
  deps = {
    clock,
    random: fakeRandom(),
    log: { ...silentLogger, warn: (fields) => warnings.push(fields) },
    secrets: { current: oldKeys, previous: null },
    stores,
    settings: {
      idleSeconds: 3600,
      absoluteSeconds: 86_400,
      replayWindowSeconds: 60,
      onReuse: 'session',
      maxSessionsPerUser: 100,
      onContextChange: 'record',
    },
    mailer: null,
  }
})

afterEach(() => stores.close())

async function signIn(): Promise<{ id: string; token: string }> {
  const current = await stores.users.find(user.id)
  if (!current) throw new Error('no user')
  const from = { ip: '192.0.2.1', userAgent: 'curl/8', authMethods: ['pwd'] }
  const { session, refreshToken } = await startSession(deps, { user: current, ...from })
  return { id: session.id, token: refreshToken }
}

function refresh(token: string, change: Partial<SessionDeps> = {}): Promise<RefreshResult> {
  const input = { token, ip: '198.51.100.7', userAgent: 'curl/9' }
  return refreshSession({ ...deps, ...change }, input)
}

/** The code that a refresh is refused with. */
async function refusal(token: string, change: Partial<SessionDeps> = {}): Promise<string> {
  try {
    const { kind } = await refresh(token, change)
    return kind
  } catch (error) {
    if (error instanceof AuthError) return error.code
    throw error
  }
}

function changeUser(change: Omit<UserChange, 'updatedAt'>) {
  return stores.users.update(user.id, { ...change, updatedAt: clock.now() })
}

/** The stores with some methods of the session store replaced. */
function withSessions(change: Partial<SessionStore>): Partial<SessionDeps> {
  return { stores: { ...stores, sessions: { ...stores.sessions, ...change } } }
}

describe('the current token', () => {
  test('gets the next one, and the session is stored as it is returned', async () => {
    const { id, token } = await signIn()
    clock.advance(10)
    const { kind, session } = await refresh(token)
    expect(kind).toBe('rotated')
    expect(await stores.sessions.find(id)).toEqual(session)
  })

  test('notes when and from where it was used', async () => {
    const { token } = await signIn()
    clock.advance(10)
    const { session } = await refresh(token)
    expect(session).toMatchObject({
      generation: 1,
      lastUsedAt: start + 10,
      expiresAt: start + 10 + 3600,
      ip: '198.51.100.7',
      userAgent: 'curl/9',
    })
  })

  test('comes with the user as they are now', async () => {
    const { token } = await signIn()
    await changeUser({ name: 'Ada', raise: ['tokenVersion'] })
    const { user } = await refresh(token)
    expect(user).toMatchObject({ name: 'Ada', tokenVersion: 1 })
  })

  test('leads to the end of the session at its absolute lifetime, however often used', async () => {
    let { token } = await signIn()
    for (let hour = 1; hour <= 24; hour++) {
      clock.advance(3599)
      token = (await refresh(token)).refreshToken
    }
    clock.advance(24)
    expect(await refusal(token)).toBe('REFRESH_TOKEN_EXPIRED')
  })
})

describe('a repeat', () => {
  test('gets the same token, and changes nothing', async () => {
    const { id, token } = await signIn()
    const first = await refresh(token)
    const before = await stores.sessions.find(id)
    clock.advance(60)
    expect(await refresh(token)).toMatchObject({
      kind: 'replayed',
      refreshToken: first.refreshToken,
    })
    expect(await stores.sessions.find(id)).toEqual(before)
  })

  test('gets the same bytes while the application secret is being changed', async () => {
    const { token } = await signIn()
    const { refreshToken } = await refresh(token)
    const secrets = { current: newKeys, previous: oldKeys }
    expect((await refresh(token, { secrets })).refreshToken).toBe(refreshToken)
  })

  test('two generations late is told to use the newer token, and changes nothing', async () => {
    const { id, token } = await signIn()
    await refresh((await refresh(token)).refreshToken)
    const before = await stores.sessions.find(id)
    expect(await refusal(token)).toBe('REFRESH_SUPERSEDED')
    expect(await stores.sessions.find(id)).toEqual(before)
  })
})

describe('a reused token', () => {
  async function reuse(change: Partial<SessionDeps> = {}) {
    const { id, token } = await signIn()
    const { refreshToken } = await refresh(token)
    clock.advance(61)
    return { id, token, newer: refreshToken, code: await refusal(token, change) }
  }

  const endAll = (): Partial<SessionDeps> => ({ settings: { ...deps.settings, onReuse: 'user' } })

  test('is refused, and its session is over for the newer token too (G1)', async () => {
    const { id, newer, code } = await reuse()
    expect(code).toBe('REFRESH_TOKEN_REUSED')
    expect(await stores.sessions.find(id)).toMatchObject({
      status: 'ended',
      endReason: 'refresh_token_reused',
      endedAt: start + 61,
    })
    expect(await refusal(newer)).toBe('SESSION_REVOKED')
  })

  test('leaves the other sessions of the user alone', async () => {
    const other = await signIn()
    await reuse()
    expect(await refusal(other.token)).toBe('rotated')
  })

  test('ends every session and every access token of the user if so set', async () => {
    const other = await signIn()
    await reuse(endAll())
    expect(await refusal(other.token)).toBe('SESSION_REVOKED')
    expect(await stores.users.find(user.id)).toMatchObject({ sessionVersion: 1, tokenVersion: 1 })
  })

  test('counts once: a token of an ended session changes nothing more (G4)', async () => {
    const { token } = await reuse(endAll())
    const fresh = await signIn()
    expect(await refusal(token, endAll())).toBe('SESSION_REVOKED')
    expect(await stores.users.find(user.id)).toMatchObject({ sessionVersion: 1 })
    expect(await refusal(fresh.token)).toBe('rotated')
    expect(warnings).toHaveLength(1)
  })

  test('is logged with its cause, and without a secret', async () => {
    const { id, token, newer } = await reuse()
    expect(warnings).toEqual([
      {
        event: 'refresh_token_reused',
        cause: 'late',
        ended: 'session',
        sessionId: id,
        userId: user.id,
        generation: 1,
        presentedGeneration: 0,
        ip: '198.51.100.7',
        userAgent: 'curl/9',
      },
    ])
    const line = JSON.stringify(warnings)
    // From the secret on, in the text of either token.
    expect([token, newer].filter((text) => line.includes(text.slice(36, 48)))).toEqual([])
  })

  test('older than a session remembers ends it too', async () => {
    const { id, token } = await signIn()
    let current = token
    for (let count = 0; count < 9; count++) current = (await refresh(current)).refreshToken
    expect(await refusal(token)).toBe('REFRESH_TOKEN_REUSED')
    expect((await stores.sessions.find(id))?.status).toBe('ended')
  })
})

describe('no token comes of', () => {
  test.each([
    ['a blocked user', { status: 'blocked' as const }],
    ['a user who changed the password', { raise: ['sessionVersion' as const] }],
  ])('%s', async (_name, change) => {
    const { token } = await signIn()
    await changeUser(change)
    expect(await refusal(token)).toBe('SESSION_REVOKED')
  })

  test('a session that ended', async () => {
    const { id, token } = await signIn()
    await stores.sessions.end(id, 'logout', start)
    expect(await refusal(token)).toBe('SESSION_REVOKED')
  })

  test('a session that ended, with the clock set back', async () => {
    const { id, token } = await signIn()
    await stores.sessions.end(id, 'logout', start)
    expect(await refusal(token, { clock: fakeClock(start - 86_400) })).toBe('SESSION_REVOKED')
  })

  test('a session that was not used for its idle lifetime', async () => {
    const { token } = await signIn()
    clock.advance(3600)
    expect(await refusal(token)).toBe('REFRESH_TOKEN_EXPIRED')
  })

  test('a user who was deleted', async () => {
    const { token } = await signIn()
    await stores.users.delete(user.id, 2000)
    expect(await refusal(token)).toBe('REFRESH_TOKEN_INVALID')
  })

  test('garbage, and the database is not even asked', async () => {
    const { token } = await signIn()
    const change = withSessions({
      findWithUser: () => Promise.reject(new Error('the database was asked')),
    })
    const last = token.endsWith('A') ? 'E' : 'A'
    const garbage = ['', 'garbage', `${token.slice(0, -1)}${last}`, token.slice(0, 72)]
    const codes = await Promise.all(garbage.map((text) => refusal(text, change)))
    expect(new Set(codes)).toEqual(new Set(['REFRESH_TOKEN_INVALID']))
  })
})

describe('a lost race', () => {
  /** Something else happens between the reading and the writing of the first attempt. */
  function interrupted(happen: () => Promise<unknown>): Partial<SessionDeps> {
    let isFirst = true
    return withSessions({
      async rotate(rotation) {
        if (isFirst) await happen()
        isFirst = false
        return stores.sessions.rotate(rotation)
      },
    })
  }

  test('against the same request gives the same token', async () => {
    const { token } = await signIn()
    const other: RefreshResult[] = []
    const result = await refresh(
      token,
      interrupted(async () => other.push(await refresh(token))),
    )
    expect(result.kind).toBe('replayed')
    expect(result.refreshToken).toBe(other[0]?.refreshToken)
  })

  test('against the end of the session gives none', async () => {
    const { id, token } = await signIn()
    const change = interrupted(() => stores.sessions.end(id, 'logout', start))
    expect(await refusal(token, change)).toBe('SESSION_REVOKED')
  })

  test('against a change of password gives none', async () => {
    const { token } = await signIn()
    const change = interrupted(() => changeUser({ raise: ['sessionVersion'] }))
    expect(await refusal(token, change)).toBe('SESSION_REVOKED')
  })

  test('without end gives up, and says to try again', async () => {
    const { token } = await signIn()
    const change = withSessions({ rotate: async () => false })
    expect(await refusal(token, change)).toBe('UNAVAILABLE')
  })

  test('of two that find a reuse is reported once', async () => {
    const { token } = await signIn()
    await refresh(token)
    clock.advance(61)
    const codes = await Promise.all([refusal(token), refusal(token)])
    expect(codes.toSorted()).toEqual(['REFRESH_TOKEN_REUSED', 'SESSION_REVOKED'])
    expect(warnings).toHaveLength(1)
  })
})

test('two that find a reuse at the same moment end everything of the user once', async () => {
  const { token } = await signIn()
  await refresh(token)
  clock.advance(61)
  const change = { settings: { ...deps.settings, onReuse: 'user' as const } }
  const codes = await Promise.all([refusal(token, change), refusal(token, change)])
  expect(codes.toSorted()).toEqual(['REFRESH_TOKEN_REUSED', 'SESSION_REVOKED'])
  expect(await stores.users.find(user.id)).toMatchObject({ sessionVersion: 1, tokenVersion: 1 })
})

test('a store that fails gives no token, and the error is not taken for a refusal', async () => {
  const { token } = await signIn()
  const change = withSessions({ rotate: () => Promise.reject(new Error('disk full')) })
  await expect(refresh(token, change)).rejects.toThrow('disk full')
})

test('the last generation cannot be refreshed', async () => {
  const { token } = await signIn()
  const change = withSessions({
    async findWithUser(id) {
      const found = await stores.sessions.findWithUser(id)
      return found && { ...found, session: { ...found.session, generation: maxGeneration } }
    },
  })
  expect(await refusal(token, change)).toBe('REFRESH_TOKEN_EXPIRED')
})

test('logging one session out leaves the others of the user alive (G1)', async () => {
  const one = await signIn()
  const other = await signIn()
  await stores.sessions.end(one.id, 'logout', start)
  expect([await refusal(one.token), await refusal(other.token)]).toEqual([
    'SESSION_REVOKED',
    'rotated',
  ])
})
