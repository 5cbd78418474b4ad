import { auditEvent } from '../audit/event.ts'
import { AuthError } from '../base/errors.ts'
import type { MailOrders } from '../mail/orders.ts'
import { type EmailAddress, parseEmail } from '../model/identifiers.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import { admitMail } from '../throttle/admit-mail.ts'
import type { Throttle } from '../throttle/throttle.ts'
import {
  findByOneTimeSecret,
  invalid,
  type OneTimeDeps,
  type PresentedSecret,
} from './one-time-token.ts'

/**
 * Asks the owner of a new address to confirm it, and tells the one of the old. Nothing changes
 * before. Whether the new address is somebody's already, the answer does not tell.
 *
 * @throws {AuthError} `VALIDATION_FAILED`, `RATE_LIMITED`.
 */
export async function requestEmailChange(
  deps: {
    readonly clock: Clock
    readonly throttle: Throttle
    readonly stores: Pick<Stores, 'outbox'>
    readonly mailer: MailOrders
  },
  input: {
    readonly user: User
    readonly newEmail: string
    readonly client: { readonly network: string }
  },
): Promise<void> {
  const { user, newEmail, client } = input
  const address = parseEmail(newEmail)
  if (!address) throw notAnAddress()
  const emailKeys = [user.emailKey, address.emailKey]
  await admitMail(deps.throttle, { emailKeys, network: client.network })
  const userId = user.id
  await deps.stores.outbox.add(
    [
      deps.mailer.order('confirm_new_email', { userId, ...address }),
      deps.mailer.order('email_change_requested', { userId, newEmail: address.email }),
    ],
    auditEvent(deps, 'email.change_requested', { actor: userId, subject: userId, client }),
  )
}

/**
 * Gives a user the address that was confirmed by the link mailed to it, and tells the old one.
 *
 * @throws {AuthError} `ONE_TIME_TOKEN_INVALID`, also when the address is somebody else's by now;
 *   `RATE_LIMITED`.
 */
export async function confirmEmailChange(
  deps: OneTimeDeps & { readonly mailer: MailOrders | null },
  input: PresentedSecret,
): Promise<void> {
  const { user, token, expected } = await findByOneTimeSecret(deps, 'change_email', input)
  const { email, emailKey } = JSON.parse(token.detail ?? '{}') as EmailAddress
  const about = { userId: user.id, oldEmail: user.email, newEmail: email }
  const result = await deps.stores.users.update(
    user.id,
    { email, emailKey, emailVerified: true, updatedAt: deps.clock.now() },
    expected,
    {
      audit: auditEvent(deps, 'email.changed', { actor: user.id, subject: user.id, ...input }),
      mail: deps.mailer ? [deps.mailer.order('email_changed', about)] : [],
    },
  )
  if (result !== 'updated') throw invalid(result)
}

function notAnAddress(): AuthError {
  return new AuthError('VALIDATION_FAILED', {
    errors: [{ path: 'newEmail', code: 'INVALID', message: 'This is not one e-mail address.' }],
  })
}
