import { auditEvent } from '../audit/event.ts'
import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { MailOrders } from '../mail/orders.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import { type PasswordPolicyDeps, requireGoodPassword } from './password-policy.ts'

/**
 * Gives a user another password. Every session and access token of before dies with the
 * counters, in the same statement as the password changes.
 *
 * @returns The user as they are now; `null` when their password or sessions have changed
 *   since `user` was read, or they are gone. Then nothing was changed.
 * @throws {AuthError} `PASSWORD_REJECTED`, `UNAVAILABLE`.
 */
export async function replacePassword(
  deps: PasswordPolicyDeps & {
    readonly clock: Clock
    readonly hasher: PasswordHasher
    readonly stores: Pick<Stores, 'users'>
    readonly mailer: MailOrders | null
  },
  input: {
    readonly user: User
    readonly newPassword: string
    readonly client: { readonly network: string }
    /** Who does it: the user, or `cli`. */
    readonly by: string
  },
): Promise<User | null> {
  const { user, newPassword, client, by: actor } = input
  const { stores, hasher } = deps
  await requireGoodPassword(deps, { ...user, password: newPassword })

  const passwordHash = await hasher.hash(newPassword, { account: user.id, network: client.network })
  const at = deps.clock.now()
  const userId = user.id
  const result = await stores.users.update(
    user.id,
    {
      passwordHash,
      raise: ['sessionVersion', 'tokenVersion'],
      reason: 'password_changed',
      updatedAt: at,
    },
    { passwordHash: user.passwordHash, sessionVersion: user.sessionVersion },
    {
      audit: auditEvent(deps, 'password.changed', { actor, subject: userId, client }),
      mail: deps.mailer ? [deps.mailer.order('password_changed', { userId, at })] : [],
    },
  )
  if (result !== 'updated') return null
  const now = await stores.users.find(user.id)
  // Of this change, not of one that came after it: that one must end what starts here, too.
  return now && { ...now, sessionVersion: user.sessionVersion + 1 }
}
