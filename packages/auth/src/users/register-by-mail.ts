import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { MailOrders } from '../mail/orders.ts'
import type { Stores } from '../model/stores.ts'
import { admitMail } from '../throttle/admit-mail.ts'
import type { Throttle } from '../throttle/throttle.ts'
import { requireEmail } from './create-user.ts'
import { type PasswordPolicyDeps, requireGoodPassword } from './password-policy.ts'
import { requireMailer } from './request-mail.ts'
import { requireUsername } from './username.ts'

/**
 * Signs somebody up whose address must be confirmed first. Whether it is known, and whether the
 * username is free, is looked at when the mail is sent: what is done here takes the same for
 * every address.
 *
 * @throws {AuthError} `VALIDATION_FAILED`, `PASSWORD_REJECTED`, `RATE_LIMITED`, `UNAVAILABLE`.
 */
export async function registerByMail(
  deps: PasswordPolicyDeps & {
    readonly hasher: PasswordHasher
    readonly throttle: Throttle
    readonly stores: Pick<Stores, 'outbox'>
    readonly mailer: MailOrders | null
  },
  input: {
    readonly email: string
    readonly password: string
    readonly name?: string | undefined
    readonly username?: string | undefined
    readonly client: { readonly network: string }
  },
): Promise<void> {
  const mailer = requireMailer(deps.mailer)
  const { network } = input.client
  const address = requireEmail(input.email)
  const username = input.username === undefined ? null : requireUsername(input.username)
  const name = input.name ?? null
  const { password } = input
  await requireGoodPassword(deps, { password, email: address.email, username, name })
  await admitMail(deps.throttle, { emailKeys: [address.emailKey], network })
  const passwordHash = await deps.hasher.hash(password, { account: address.emailKey, network })
  const order = mailer.order('register', { ...address, username, name, passwordHash })
  await deps.stores.outbox.add([order])
}
