import { AuthError, type FieldError } from '../base/errors.ts'
import { isBreached } from '../crypto/breached-password.ts'
import { passwordProblems } from '../crypto/password-rules.ts'
import type { User } from '../model/user.ts'
import type { BreachedRange } from '../ports/breached-passwords.ts'
import type { Logger } from '../ports/logger.ts'

/** What an operator asks of new passwords. */
export interface PasswordPolicy {
  /** In code points, 8 to 64. */
  readonly passwordMinLength: number
  /** A word passwords must not consist of: the name of the site. */
  readonly siteName: string
}

/** What new passwords are held to. */
export interface PasswordPolicyDeps {
  readonly settings: PasswordPolicy
  readonly log: Logger
  /** `null`: nobody outside is asked. */
  readonly breachedRange: BreachedRange | null
}

/**
 * Holds a new password to the rules and, by option, to the passwords of published breaches. When
 * those cannot be asked, the rules alone decide.
 *
 * @throws {AuthError} `PASSWORD_REJECTED` with every reason.
 */
export async function requireGoodPassword(
  deps: PasswordPolicyDeps,
  input: Pick<User, 'email' | 'username' | 'name'> & { readonly password: string },
): Promise<void> {
  const { passwordMinLength: minLength, siteName } = deps.settings
  const { password, email, username, name } = input
  const errors = passwordProblems(password, { minLength, siteName, email, username, name })
  if (errors.length > 0) throw new AuthError('PASSWORD_REJECTED', { errors })
  if (await isKnownBreached(deps, password)) {
    throw new AuthError('PASSWORD_REJECTED', { errors: [breached] })
  }
}

const breached: FieldError = {
  path: 'password',
  code: 'BREACHED',
  message: 'This password is in a published breach: others try it first.',
}

async function isKnownBreached(
  { breachedRange, log }: PasswordPolicyDeps,
  password: string,
): Promise<boolean> {
  if (!breachedRange) return false
  try {
    return await isBreached(breachedRange, password)
  } catch (error) {
    const fields = { event: 'password.breaches_unknown', detail: String(error) }
    log.warn(fields, 'whether a password is in a breach cannot be told now')
    return false
  }
}
