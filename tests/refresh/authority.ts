import { AuthError, type ErrorCode } from '../../packages/auth/src/base/errors.ts'
import {
  type ApplicationSecrets,
  deriveSecretKeys,
} from '../../packages/auth/src/crypto/secrets.ts'
import type { Session } from '../../packages/auth/src/model/session.ts'
import type { Stores } from '../../packages/auth/src/model/stores.ts'
import type { User } from '../../packages/auth/src/model/user.ts'
import { type Logger, silentLogger } from '../../packages/auth/src/ports/logger.ts'
import type { Random } from '../../packages/auth/src/ports/random.ts'
import { refreshSession } from '../../packages/auth/src/sessions/refresh-session.ts'
import {
  type SessionDeps,
  type SessionSettings,
  startSession,
} from '../../packages/auth/src/sessions/start-session.ts'
import { openSqlStores } from '../../packages/auth/src/stores/sql/open-sql-stores.ts'
import { type FakeClock, fakeClock } from '../../packages/auth/src/testing/fake-clock.ts'
import { fakeRandom } from '../../packages/auth/src/testing/fake-random.ts'

const settings: SessionSettings = {
  idleSeconds: 7 * 86_400,
  absoluteSeconds: 90 * 86_400,
  replayWindowSeconds: 60,
  onReuse: 'session',
  maxSessionsPerUser: 100,
  onContextChange: 'record',
}

/** Sessions and their refresh on one database, with a clock that stands still. */
export interface Authority extends SessionDeps {
  readonly clock: FakeClock
  readonly random: Random
  readonly stores: Stores
}

export interface AuthorityOptions {
  readonly clock?: FakeClock
  /** Equal seeds give equal ids: two authorities on one database need different ones. */
  readonly seed?: string
  readonly log?: Logger
  readonly secrets?: ApplicationSecrets
  readonly settings?: Partial<SessionSettings>
}

export const testSecrets: ApplicationSecrets = {
  current: deriveSecretKeys(Buffer.alloc(32, 1)),
  previous: null,
}

export async function openAuthority(
  url: string,
  options: AuthorityOptions = {},
): Promise<Authority> {
  return {
    clock: options.clock ?? fakeClock(),
    random: fakeRandom(options.seed),
    log: options.log ?? silentLogger,
    secrets: options.secrets ?? testSecrets,
    settings: { ...settings, ...options.settings },
    mailer: null,
    stores: await openSqlStores({ url, log: silentLogger }),
  }
}

async function addUser({ stores, random, clock }: Authority): Promise<User> {
  const name = Buffer.from(random.bytes(16)).toString('base64url')
  const user: User = {
    id: `usr_${name}`,
    email: `${name}@example.com`,
    emailKey: `${name}@example.com`,
    emailVerified: true,
    username: null,
    name: null,
    passwordHash: '$argon2id$not-a-real-hash',
    status: 'active',
    roles: [],
    tokenVersion: 0,
    rolesVersion: 0,
    sessionVersion: 0,
    createdAt: clock.now(),
    updatedAt: clock.now(),
  }
  await stores.users.create(user)
  return user
}

/** Signs a user in: a new one, unless given. */
export async function signIn(
  authority: Authority,
  user?: User,
): Promise<{ session: Session; refreshToken: string; user: User }> {
  const signedIn = user ?? (await addUser(authority))
  const input = { user: signedIn, ip: '192.0.2.1', userAgent: 'test', authMethods: ['pwd'] }
  return { ...(await startSession(authority, input)), user: signedIn }
}

/** How a refresh went. `token` is there for the first two. */
export interface Attempt {
  readonly outcome: 'rotated' | 'replayed' | ErrorCode
  readonly token?: string
}

/** Refreshes, and takes a refusal for an answer. Any other error is thrown. */
export async function attemptRefresh(
  authority: Authority,
  token: string,
  idempotencyKey?: string,
): Promise<Attempt> {
  const input = { token, idempotencyKey, ip: '192.0.2.1', userAgent: 'test' }
  try {
    const { kind, refreshToken } = await refreshSession(authority, input)
    return { outcome: kind, token: refreshToken }
  } catch (error) {
    if (error instanceof AuthError) return { outcome: error.code }
    throw error
  }
}

/** Refreshes and returns the next token. Throws when there is none. */
export async function refreshOnce(
  authority: Authority,
  token: string,
  idempotencyKey?: string,
): Promise<string> {
  const attempt = await attemptRefresh(authority, token, idempotencyKey)
  if (!attempt.token) throw new Error(`no token: ${attempt.outcome}`)
  return attempt.token
}

/** How often each thing occurs. */
export function tally<T extends string>(items: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {}
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1
  return counts
}
