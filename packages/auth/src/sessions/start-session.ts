import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { MailOrders } from '../mail/orders.ts'
import type { Along } from '../model/along.ts'
import type { Session } from '../model/session.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import {
  formatRefreshToken,
  hashRefreshSecret,
  secretBytes,
  sessionIdBytes,
  toSessionId,
} from '../tokens/refresh-token.ts'

/** How long sessions live and how they are refreshed. All of it is checked at start. */
export interface SessionSettings {
  /** A session that is not refreshed this long ends. */
  readonly idleSeconds: number
  /** A session ends this long after sign-in, however often it is used. */
  readonly absoluteSeconds: number
  /** How long a repeated refresh without a key counts as a retry. Default 60. */
  readonly replayWindowSeconds: number
  /** What a refresh token used by two parties ends. */
  readonly onReuse: 'session' | 'user'
  /** More active sessions than this end the least recently used one. Default 100. */
  readonly maxSessionsPerUser: number
  /** What happens to a session that is used from another network, or by another agent. */
  readonly onContextChange: 'record' | 'mail' | 'end'
}

/** What starting and refreshing sessions needs. */
export interface SessionDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly secrets: ApplicationSecrets
  readonly stores: Pick<Stores, 'audit' | 'outbox' | 'sessions' | 'users'>
  readonly settings: SessionSettings
  /** `null`: no mail can be sent. */
  readonly mailer: MailOrders | null
}

/** Who signed in, and from where. */
export interface SessionStart {
  /**
   * As read before the credential was checked: a password change that commits in between
   * raises `sessionVersion`, and the session is dead from the start.
   */
  readonly user: Pick<User, 'id' | 'sessionVersion'>
  readonly ip: string
  readonly userAgent: string | null
  /** RFC 8176 values, such as `pwd`. */
  readonly authMethods: readonly string[]
  /** What is written with the session. */
  readonly along?: (session: Session) => Along
}

/**
 * Starts a session and makes its first refresh token. The id is new at every sign-in and
 * never taken from a request. Does not check that the user may sign in.
 */
export async function startSession(
  deps: Pick<SessionDeps, 'clock' | 'random' | 'secrets' | 'stores' | 'settings'>,
  { user, ip, userAgent, authMethods, along }: SessionStart,
): Promise<{ session: Session; refreshToken: string }> {
  const { clock, random, secrets, stores, settings } = deps
  const now = clock.now()
  const id = toSessionId(random.bytes(sessionIdBytes))
  const secret = random.bytes(secretBytes)
  const maxExpiresAt = now + settings.absoluteSeconds

  const session: Session = {
    id,
    userId: user.id,
    status: 'active',
    authVersion: user.sessionVersion,
    generation: 0,
    generations: [{ hash: hashRefreshSecret(secret), startedAt: now }],
    createdAt: now,
    lastUsedAt: now,
    expiresAt: Math.min(now + settings.idleSeconds, maxExpiresAt),
    maxExpiresAt,
    endedAt: null,
    endReason: null,
    authMethods,
    ip,
    userAgent,
  }
  await stores.sessions.create(session, settings.maxSessionsPerUser, along?.(session))
  return {
    session,
    refreshToken: formatRefreshToken(secrets.current, { sessionId: id, generation: 0, secret }),
  }
}
