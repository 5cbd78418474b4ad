import { AuthError } from '../base/errors.ts'
import { adminRole } from '../model/role.ts'

/**
 * Only an administrator makes administrators: whoever may write users or roles by a
 * permission alone could otherwise give themselves every other one.
 *
 * @throws {AuthError} `FORBIDDEN`.
 */
export function requireAdmin(user: { readonly roles: readonly string[] }): void {
  if (user.roles.includes(adminRole)) return
  throw new AuthError('FORBIDDEN', { detail: 'only an administrator may do this' })
}
