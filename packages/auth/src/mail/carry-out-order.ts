import { toIsoTime } from '../base/time.ts'
import { SealError } from '../crypto/seal.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { MailKind, MailOrderKind, TakenOrder } from '../model/mail.ts'
import type { OneTimePurpose } from '../model/one-time-token.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { type Registration, settleRegistration } from '../users/settle-registration.ts'
import { hashOneTimeSecret, oneTimeSecret } from './one-time-secret.ts'
import { type MailAbout, readOrder } from './orders.ts'
import type { MailValues } from './render.ts'

const hour = 3600
const day = 24 * hour

/** How long a link works, from when its mail was last tried to be sent. In seconds. */
const lifetimes: Readonly<Record<OneTimePurpose, number>> = {
  reset_password: hour,
  verify_email: day,
  change_email: day,
  disown_session: 7 * day,
}

/** The page that a link opens, below the base path. */
const pages: Readonly<Record<OneTimePurpose, string>> = {
  reset_password: '/pages/reset-password',
  verify_email: '/pages/verify-email',
  change_email: '/pages/change-email',
  disown_session: '/pages/disown-session',
}

export interface OrderDeps {
  readonly clock: Clock
  readonly random: Random
  readonly secrets: ApplicationSecrets
  readonly stores: Pick<Stores, 'users' | 'oneTimeTokens'>
  readonly settings: {
    readonly issuer: string
    readonly basePath: string
    readonly siteName: string
  }
}

/** A mail, but for its words. */
export interface PreparedMail {
  readonly kind: MailKind
  readonly to: string
  readonly values: MailValues
}

type Steps = {
  readonly [Kind in MailOrderKind]: (
    deps: OrderDeps,
    about: MailAbout[Kind],
    orderId: string,
  ) => Promise<PreparedMail | null>
}

/**
 * Finds out to whom an order goes and what its mail must hold. May be done again, with the same
 * outcome: what a link opens is the same each time.
 *
 * Only here it is looked whether an address is anybody's. Whoever asked has had their answer, and
 * cannot tell.
 *
 * @returns `null`: there is nobody to write to, or nothing to say any more.
 */
export async function carryOutOrder(
  deps: OrderDeps,
  order: TakenOrder,
): Promise<PreparedMail | null> {
  try {
    const about = readOrder(deps.secrets, order)
    const step = steps[order.kind] as (
      deps: OrderDeps,
      about: object,
      orderId: string,
    ) => Promise<PreparedMail | null>
    return await step(deps, about, order.id)
  } catch (error) {
    // Under a secret that is gone: nobody can read it any more.
    if (error instanceof SealError) return null
    throw error
  }
}

const steps: Steps = {
  register: (deps, about, orderId) => carryOutRegistration(deps, about, orderId),

  async verify_email(deps, { emailKey, passwordHash }, orderId) {
    const user = await findActive(deps, emailKey)
    if (!user || user.emailVerified) return null
    return verification(deps, { user, orderId, detail: passwordHash ?? null })
  },

  async already_registered(deps, { emailKey }) {
    const user = await findActive(deps, emailKey)
    return user && toUser(deps, user, 'already_registered', {})
  },

  async reset_password(deps, { emailKey }, orderId) {
    const user = await findActive(deps, emailKey)
    if (!user) return null
    const link = await makeLink(deps, { user, purpose: 'reset_password', orderId })
    return toUser(deps, user, 'reset_password', { ...link, minutes: '60' })
  },

  async confirm_new_email(deps, { userId, email, emailKey }, orderId) {
    const user = await deps.stores.users.find(userId)
    if (!user || (await deps.stores.users.findByEmailKey(emailKey))) return null
    const detail = JSON.stringify({ email, emailKey })
    const link = await makeLink(deps, { user, purpose: 'change_email', orderId, detail })
    const mail = toUser(deps, user, 'confirm_new_email', { ...link, hours: '24' })
    return { ...mail, to: email }
  },

  email_change_requested: (deps, { userId, newEmail }) =>
    notice(deps, userId, 'email_change_requested', { newEmail }),

  async email_changed(deps, { userId, oldEmail, newEmail }) {
    const mail = await notice(deps, userId, 'email_changed', { newEmail })
    return mail && { ...mail, to: oldEmail }
  },

  password_changed: (deps, { userId, at }) =>
    notice(deps, userId, 'password_changed', { time: inWords(at) }),

  new_device: (deps, about, orderId) => disownable(deps, 'new_device', about, orderId),

  context_changed: (deps, about, orderId) => disownable(deps, 'context_changed', about, orderId),

  session_stolen: (deps, { userId, device, at }) =>
    notice(deps, userId, 'session_stolen', { device, time: inWords(at) }),
}

async function carryOutRegistration(
  deps: OrderDeps,
  registration: Registration,
  orderId: string,
): Promise<PreparedMail | null> {
  const { user, isKnown } = await settleRegistration(deps, registration)
  if (user.emailVerified) return toUser(deps, user, 'already_registered', {})
  // Whoever opens the link gets the password of the very form that sent it: nobody can sign up
  // before the owner of an address and wait for them to confirm.
  const detail = isKnown ? registration.passwordHash : null
  return verification(deps, { user, orderId, detail })
}

async function verification(
  deps: OrderDeps,
  input: { readonly user: User; readonly orderId: string; readonly detail: string | null },
): Promise<PreparedMail> {
  const link = await makeLink(deps, { ...input, purpose: 'verify_email' })
  return toUser(deps, input.user, 'verify_email', { ...link, hours: '24' })
}

async function disownable(
  deps: OrderDeps,
  kind: 'new_device' | 'context_changed',
  { userId, sessionId, device, at }: MailAbout['new_device'],
  orderId: string,
): Promise<PreparedMail | null> {
  const user = await deps.stores.users.find(userId)
  if (!user) return null
  const link = await makeLink(deps, {
    user,
    purpose: 'disown_session',
    orderId,
    detail: sessionId,
    slot: orderId,
  })
  return toUser(deps, user, kind, { ...link, device, time: inWords(at) })
}

/** Keeps the hash of the secret that the link carries. */
async function makeLink(
  deps: OrderDeps,
  input: {
    readonly user: User
    readonly purpose: OneTimePurpose
    readonly orderId: string
    readonly detail?: string | null
    readonly slot?: string
  },
): Promise<{ link: string; token: string }> {
  const { user, purpose, orderId, detail = null, slot = user.id } = input
  const token = oneTimeSecret(deps.secrets, orderId)
  await deps.stores.oneTimeTokens.put({
    hash: hashOneTimeSecret(token),
    purpose,
    slot: `${purpose} ${slot}`,
    userId: user.id,
    emailKey: user.emailKey,
    detail,
    expiresAt: deps.clock.now() + lifetimes[purpose],
  })
  const { issuer, basePath } = deps.settings
  // Behind the #, so that no server, log or referrer gets it (RFC 3986 §3.5).
  return { token, link: `${issuer}${basePath}${pages[purpose]}#token=${token}` }
}

async function findActive({ stores }: OrderDeps, emailKey: string): Promise<User | null> {
  const user = await stores.users.findByEmailKey(emailKey)
  return user?.status === 'active' ? user : null
}

async function notice(
  deps: OrderDeps,
  userId: string,
  kind: MailKind,
  values: MailValues,
): Promise<PreparedMail | null> {
  const user = await deps.stores.users.find(userId)
  return user && toUser(deps, user, kind, values)
}

function toUser(
  { settings }: OrderDeps,
  { email: to }: User,
  kind: MailKind,
  values: MailValues,
): PreparedMail {
  const { siteName: site, issuer } = settings
  return { kind, to, values: { ...values, site, issuer } }
}

/** `2027-01-15 08:00 UTC`. */
function inWords(at: number): string {
  return `${toIsoTime(at).slice(0, 16).replace('T', ' ')} UTC`
}
