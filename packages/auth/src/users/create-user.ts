import { auditEvent } from '../audit/event.ts'
import { toBase64Url } from '../base/encoding.ts'
import { AuthError } from '../base/errors.ts'
import type { PasswordHasher } from '../crypto/password-hasher.ts'
import { parseEmail } from '../model/identifiers.ts'
import type { MailOrder } from '../model/mail.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { type PasswordPolicyDeps, requireGoodPassword } from './password-policy.ts'
import { requireUsername } from './username.ts'

interface CreateDeps extends PasswordPolicyDeps {
  readonly clock: Clock
  readonly random: Random
  readonly hasher: PasswordHasher
  readonly stores: Pick<Stores, 'users'>
}

/** A user to be, as written by whoever creates them. */
export interface NewUser {
  readonly email: string
  readonly password: string
  readonly name: string | null
  readonly username: string | null
  readonly roles: readonly string[]
  /** Whose work the hashing is, for the gate. */
  readonly network: string
  /** Who creates them: `cli`, or `anonymous` who signs up. */
  readonly by: string
  /** What goes with it, such as mail. */
  readonly mail?: (user: User) => readonly MailOrder[]
}

/**
 * Creates an active user. Of two calls with one address at the same moment, one creates.
 *
 * @throws {AuthError} `VALIDATION_FAILED`, `PASSWORD_REJECTED`, `EMAIL_TAKEN`,
 *   `USERNAME_TAKEN`, `ROLE_UNKNOWN`, `UNAVAILABLE`.
 */
export async function createUser(deps: CreateDeps, input: NewUser): Promise<User> {
  const { email, emailKey } = requireEmail(input.email)
  const username = input.username === null ? null : requireUsername(input.username)
  await requireGoodPassword(deps, { ...input, email, username })

  const origin = { account: emailKey, network: input.network }
  const now = deps.clock.now()
  const user: User = {
    id: `usr_${toBase64Url(deps.random.bytes(16))}`,
    email,
    emailKey,
    emailVerified: false,
    username,
    name: input.name,
    passwordHash: await deps.hasher.hash(input.password, origin),
    status: 'active',
    roles: [...new Set(input.roles)].sort(),
    tokenVersion: 0,
    rolesVersion: 0,
    sessionVersion: 0,
    createdAt: now,
    updatedAt: now,
  }
  const about = { actor: input.by, subject: user.id, client: { network: input.network } }
  const result = await deps.stores.users.create(user, {
    audit: auditEvent(deps, 'user.created', about),
    mail: input.mail?.(user) ?? [],
  })
  if (result === 'email_taken') throw new AuthError('EMAIL_TAKEN')
  if (result === 'username_taken') throw new AuthError('USERNAME_TAKEN')
  if (result === 'role_unknown') throw new AuthError('ROLE_UNKNOWN')
  return user
}

/** @throws {AuthError} `VALIDATION_FAILED`. */
export function requireEmail(text: string): { email: string; emailKey: string } {
  const address = parseEmail(text)
  if (address) return address
  throw new AuthError('VALIDATION_FAILED', {
    errors: [{ path: 'email', code: 'INVALID', message: 'This is not one e-mail address.' }],
  })
}
