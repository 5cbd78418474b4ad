import { auditEvent } from '../audit/event.ts'
import { AuthError } from '../base/errors.ts'
import type { Stores } from '../model/stores.ts'
import type { User, UserChange, UserStatus } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'

interface ChangeDeps {
  readonly stores: Pick<Stores, 'users'>
  readonly clock: Clock
  readonly log: Logger
}

/** What an administrator changes about a user. Members not given stay as they are. */
export interface AdminChange {
  readonly status?: UserStatus | undefined
  readonly roles?: readonly string[] | undefined
  readonly emailVerified?: boolean | undefined
}

/**
 * Changes a user's status or roles. What was issued before says something else, so it dies
 * with the change: access tokens always, sessions too when the user is blocked.
 *
 * @param input.by The user who does it, or `cli`.
 * @throws {AuthError} `NOT_FOUND`, `ROLE_UNKNOWN`, `LAST_ADMIN`.
 */
export async function changeUser(
  deps: ChangeDeps,
  input: { readonly userId: string; readonly change: AdminChange; readonly by: string },
): Promise<User> {
  const { userId, change, by } = input
  const reason = Object.entries(change)
    .filter(([, value]) => value !== undefined)
    .map(([member, value]) => (member === 'status' ? String(value) : member))
    .join(' ')
  const audit = auditEvent(deps, 'user.changed', { actor: by, subject: userId, reason })
  const users = deps.stores.users
  const result = await users.update(userId, toUserChange(change, audit.at), {}, { audit })
  if (result === 'role_unknown') throw new AuthError('ROLE_UNKNOWN')
  if (result === 'last_admin') throw new AuthError('LAST_ADMIN')
  if (result !== 'updated') throw new AuthError('NOT_FOUND')
  const user = await users.find(userId)
  if (!user) throw new AuthError('NOT_FOUND')
  deps.log.info({ event: 'user.changed', userId, by, changed: Object.keys(change) }, 'user changed')
  return user
}

function toUserChange(change: AdminChange, updatedAt: number): UserChange {
  const { status, roles, emailVerified } = change
  const raise: ('tokenVersion' | 'sessionVersion')[] = []
  if (status !== undefined || roles !== undefined) raise.push('tokenVersion')
  if (status === 'blocked') raise.push('sessionVersion')
  return {
    ...(status !== undefined && { status }),
    ...(roles !== undefined && { roles: [...new Set(roles)].sort() }),
    ...(emailVerified !== undefined && { emailVerified }),
    raise,
    reason: status === 'blocked' ? 'user_blocked' : 'roles_changed',
    updatedAt,
  }
}
