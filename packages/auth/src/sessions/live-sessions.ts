import { auditEvent } from '../audit/event.ts'
import { isEqualConstantTime } from '../base/constant-time.ts'
import type { EpochSeconds } from '../base/time.ts'
import type { Session } from '../model/session.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import { hashRefreshSecret, type RefreshToken } from '../tokens/refresh-token.ts'

/** Whether a session could be refreshed now, given a right token. */
function isLive(session: Session, user: User, now: EpochSeconds): boolean {
  return (
    session.status === 'active' &&
    session.userId === user.id &&
    session.authVersion >= user.sessionVersion &&
    user.status === 'active' &&
    now < session.expiresAt
  )
}

/** Whether a genuine refresh token is the newest of a session that could go on. */
export function isCurrentRefreshToken(
  token: RefreshToken,
  { session, user }: { readonly session: Session; readonly user: User },
  now: EpochSeconds,
): boolean {
  const current = session.generations[0]
  return (
    isLive(session, user, now) &&
    token.generation === session.generation &&
    current !== undefined &&
    isEqualConstantTime(hashRefreshSecret(token.secret), current.hash)
  )
}

interface SessionDeps {
  readonly clock: Clock
  readonly stores: Pick<Stores, 'sessions' | 'users'>
}

/** The sessions a user could go on with, most recently used first. */
export async function listLiveSessions(deps: SessionDeps, user: User): Promise<Session[]> {
  const sessions = await deps.stores.sessions.listActive(user.id)
  const now = deps.clock.now()
  return sessions.filter((session) => isLive(session, user, now))
}

/**
 * Signs a user out everywhere: one statement raises the counters that sessions and access
 * tokens were made under, however many there are. A sign-in that comes after lives.
 */
export async function endEverySession(
  deps: SessionDeps,
  userId: string,
  input: {
    readonly reason: 'logout_everywhere' | 'ended_by_admin'
    /** The user who does it, or `cli`. */
    readonly by: string
    readonly client?: { readonly network: string }
  },
): Promise<void> {
  const { reason, by: actor, client } = input
  const about = { actor, subject: userId, reason, ...(client && { client }) }
  const audit = auditEvent(deps, 'sessions.ended', about)
  const change = { raise: ['sessionVersion', 'tokenVersion'], reason, updatedAt: audit.at } as const
  await deps.stores.users.update(userId, change, {}, { audit })
}
