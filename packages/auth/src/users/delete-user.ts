import { auditEvent } from '../audit/event.ts'
import { AuthError } from '../base/errors.ts'
import type { Stores } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'

/**
 * Deletes a user and everything that belongs to them, for good. Their sessions and access
 * tokens die with them.
 *
 * @param input.by The user who does it, or `cli`.
 * @throws {AuthError} `NOT_FOUND`, `LAST_ADMIN`.
 */
export async function deleteUser(
  deps: {
    readonly stores: Pick<Stores, 'users'>
    readonly clock: Clock
    readonly log: Logger
  },
  input: { readonly userId: string; readonly by: string },
): Promise<void> {
  const { userId, by } = input
  const audit = auditEvent(deps, 'user.deleted', { actor: by, subject: userId })
  const result = await deps.stores.users.delete(userId, audit.at, { audit })
  if (result === 'last_admin') throw new AuthError('LAST_ADMIN')
  if (result === 'not_found') throw new AuthError('NOT_FOUND')
  deps.log.info({ event: 'user.deleted', userId, by }, 'user deleted')
}
