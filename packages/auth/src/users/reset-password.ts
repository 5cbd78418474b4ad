import { auditEvent } from '../audit/event.ts'
import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { MailOrders } from '../mail/orders.ts'
import { liftLock } from '../throttle/lift-lock.ts'
import {
  findByOneTimeSecret,
  invalid,
  type OneTimeDeps,
  type PresentedSecret,
} from './one-time-token.ts'
import { type PasswordPolicyDeps, requireGoodPassword } from './password-policy.ts'

/**
 * Gives the owner of a mailed link another password. Every session and access token of before is
 * dead, the address is confirmed, and a lock on the account is lifted.
 *
 * A password that is refused does not use up the link.
 *
 * @throws {AuthError} `ONE_TIME_TOKEN_INVALID`, `PASSWORD_REJECTED`, `RATE_LIMITED`, `UNAVAILABLE`.
 */
export async function resetPassword(
  deps: OneTimeDeps &
    PasswordPolicyDeps & {
      readonly hasher: PasswordHasher
      readonly mailer: MailOrders | null
    },
  input: PresentedSecret & { readonly password: string },
): Promise<void> {
  const { user, expected } = await findByOneTimeSecret(deps, 'reset_password', input)
  await requireGoodPassword(deps, { ...user, password: input.password })
  const { network } = input.client
  const passwordHash = await deps.hasher.hash(input.password, { account: user.id, network })
  const at = deps.clock.now()
  const result = await deps.stores.users.update(
    user.id,
    {
      passwordHash,
      emailVerified: true,
      raise: ['sessionVersion', 'tokenVersion'],
      reason: 'password_changed',
      updatedAt: at,
    },
    expected,
    {
      audit: auditEvent(deps, 'password.reset', { actor: user.id, subject: user.id, ...input }),
      mail: deps.mailer ? [deps.mailer.order('password_changed', { userId: user.id, at })] : [],
    },
  )
  if (result !== 'updated') throw invalid('used by another request')
  await liftLock(deps.throttle, user.id)
}
