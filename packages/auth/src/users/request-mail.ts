import { AuthError } from '../base/errors.ts'
import type { MailOrders } from '../mail/orders.ts'
import type { Stores } from '../model/stores.ts'
import { admitMail } from '../throttle/admit-mail.ts'
import type { Throttle } from '../throttle/throttle.ts'
import { requireEmail } from './create-user.ts'

/**
 * Orders a link for whoever has an address. Does not look whether anybody has: that is done when
 * the mail is sent, so that neither the answer nor its time can tell.
 *
 * @throws {AuthError} `VALIDATION_FAILED`, `RATE_LIMITED`, `UNAVAILABLE`.
 */
export async function requestMail(
  deps: {
    readonly throttle: Throttle
    readonly stores: Pick<Stores, 'outbox'>
    readonly mailer: MailOrders | null
  },
  input: {
    readonly kind: 'reset_password' | 'verify_email'
    readonly email: string
    readonly client: { readonly network: string }
  },
): Promise<void> {
  const mailer = requireMailer(deps.mailer)
  const { emailKey } = requireEmail(input.email)
  await admitMail(deps.throttle, { emailKeys: [emailKey], network: input.client.network })
  await deps.stores.outbox.add([mailer.order(input.kind, { emailKey })])
}

/** @throws {AuthError} `UNAVAILABLE`: no mail server is set up. */
export function requireMailer<M extends MailOrders>(mailer: M | null): M {
  if (mailer) return mailer
  throw new AuthError('UNAVAILABLE', { detail: 'SMTP_URL is not set', retryAfterSeconds: 3600 })
}
