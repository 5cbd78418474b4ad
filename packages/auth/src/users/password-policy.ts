import { AuthError } from '../base/errors.ts'
import { passwordProblems } from '../crypto/password-rules.ts'
import type { User } from '../model/user.ts'

/** What an operator asks of new passwords. */
export interface PasswordPolicy {
  /** In code points, 8 to 64. */
  readonly passwordMinLength: number
  /** A word passwords must not consist of: the name of the site. */
  readonly siteName: string
}

/**
 * Holds a new password to the rules.
 *
 * @throws {AuthError} `PASSWORD_REJECTED` with every reason.
 */
export function requireGoodPassword(
  policy: PasswordPolicy,
  input: Pick<User, 'email' | 'username' | 'name'> & { readonly password: string },
): void {
  const { passwordMinLength: minLength, siteName } = policy
  const { password, email, username, name } = input
  const errors = passwordProblems(password, { minLength, siteName, email, username, name })
  if (errors.length > 0) throw new AuthError('PASSWORD_REJECTED', { errors })
}
