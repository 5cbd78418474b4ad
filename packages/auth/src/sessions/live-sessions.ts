import type { EpochSeconds } from '../base/time.ts'
import type { Session, SessionEndReason } from '../model/session.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'

/** Whether a session could be refreshed now, given a right token. */
export function isLive(session: Session, user: User, now: EpochSeconds): boolean {
  return (
    session.status === 'active' &&
    session.userId === user.id &&
    session.authVersion >= user.sessionVersion &&
    user.status === 'active' &&
    now < session.expiresAt
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
 * Signs a user out everywhere: sessions by the counter, at once and however many there
 * are, and access tokens with them. Marking the rows as ended comes after and is only for
 * whoever reads them: a crash in between leaves nothing alive.
 */
export async function endEverySession(
  deps: SessionDeps,
  input: { readonly userId: string; readonly reason: SessionEndReason },
): Promise<void> {
  const { stores, clock } = deps
  const at = clock.now()
  await stores.users.update(input.userId, {
    raise: ['sessionVersion', 'tokenVersion'],
    updatedAt: at,
  })
  await stores.sessions.endAllOfUser(input.userId, { reason: input.reason, at })
}
