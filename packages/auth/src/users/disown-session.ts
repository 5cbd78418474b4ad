import { auditEvent } from '../audit/event.ts'
import type { MailOrders } from '../mail/orders.ts'
import type { Stores } from '../model/stores.ts'
import {
  findByOneTimeSecret,
  invalid,
  type OneTimeDeps,
  type PresentedSecret,
} from './one-time-token.ts'

/** What no hash looks like: it matches no password. */
const noPassword = '!'

/**
 * "This was not me": somebody else knows the password. It stops working at once, everybody is
 * signed out, no device counts as known, and a link for a new password is mailed.
 *
 * @throws {AuthError} `ONE_TIME_TOKEN_INVALID`, `RATE_LIMITED`.
 */
export async function disownSession(
  deps: OneTimeDeps & {
    readonly stores: Pick<Stores, 'knownDevices'>
    readonly mailer: MailOrders | null
  },
  input: PresentedSecret,
): Promise<void> {
  const { user, token, expected } = await findByOneTimeSecret(deps, 'disown_session', input)
  const result = await deps.stores.users.update(
    user.id,
    {
      passwordHash: noPassword,
      raise: ['sessionVersion', 'tokenVersion'],
      reason: 'password_changed',
      updatedAt: deps.clock.now(),
    },
    expected,
    {
      audit: auditEvent(deps, 'session.disowned', {
        actor: user.id,
        subject: user.id,
        ...(token.detail !== null && { sessionId: token.detail }),
        ...input,
      }),
      mail: deps.mailer ? [deps.mailer.order('reset_password', { emailKey: user.emailKey })] : [],
    },
  )
  if (result !== 'updated') throw invalid('used by another request')
  await deps.stores.knownDevices.forgetAll(user.id)
}
