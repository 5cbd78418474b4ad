import { requireAdmin } from '../../access/require-admin.ts'
import { AuthError } from '../../base/errors.ts'
import { adminRole } from '../../model/role.ts'
import type { User } from '../../model/user.ts'
import type { Caller } from '../../sessions/authenticate-caller.ts'
import type { Deps } from '../deps.ts'

/** @throws {AuthError} `NOT_FOUND`. */
export async function getUser(deps: Pick<Deps, 'stores'>, id: string): Promise<User> {
  const user = await deps.stores.users.find(id)
  if (!user) throw new AuthError('NOT_FOUND')
  return user
}

/**
 * The user an administrator is about to act on. An administrator is acted on by
 * administrators only, whatever permissions others have.
 *
 * @throws {AuthError} `NOT_FOUND`, `FORBIDDEN`.
 */
export async function getTargetUser(
  deps: Pick<Deps, 'stores'>,
  input: { readonly id: string; readonly caller: Caller },
): Promise<User> {
  const user = await getUser(deps, input.id)
  if (user.roles.includes(adminRole)) requireAdmin(input.caller.user)
  return user
}
