import { auditEvent } from '../audit/event.ts'
import { AuthError } from '../base/errors.ts'
import { adminRole, type Role } from '../model/role.ts'
import type { Stores } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'

interface RoleDeps {
  readonly stores: Pick<Stores, 'roles'>
  readonly clock: Clock
  readonly log: Logger
}

/** What the role `admin` permits from the start, and always will. Ascending. */
const adminPermissions: readonly string[] = [
  'audit:read',
  'clients:read',
  'clients:write',
  'keys:read',
  'keys:write',
  'roles:read',
  'roles:write',
  'users:read',
  'users:write',
]

/**
 * Defines a role or changes what it permits. Access tokens of everyone who has it die.
 *
 * @param input.by The user who does it, or `cli`.
 * @throws {AuthError} `VALIDATION_FAILED` when `admin` would lose a permission it needs.
 */
export async function putRole(
  deps: RoleDeps,
  input: { readonly name: string; readonly permissions: readonly string[]; readonly by: string },
): Promise<{ role: Role; result: 'created' | 'changed' | 'unchanged' }> {
  const role = { name: input.name, permissions: [...new Set(input.permissions)].sort() }
  if (role.name === adminRole) requireAdminPermissions(role)
  const { name, by: actor } = input
  const audit = auditEvent(deps, 'role.changed', { actor, subject: name })
  const result = await deps.stores.roles.put(role, audit.at, { audit })
  if (result !== 'unchanged') {
    deps.log.info({ event: 'role.changed', role: role.name, by: input.by }, `role ${result}`)
  }
  return { role, result }
}

/**
 * Takes a role from everyone and deletes it.
 *
 * @throws {AuthError} `NOT_FOUND`; `FORBIDDEN` for `admin`, which cannot be deleted.
 */
export async function deleteRole(
  deps: RoleDeps,
  input: { readonly name: string; readonly by: string },
): Promise<void> {
  if (input.name === adminRole) {
    throw new AuthError('FORBIDDEN', { detail: 'the role admin cannot be deleted' })
  }
  const { name, by: actor } = input
  const audit = auditEvent(deps, 'role.deleted', { actor, subject: name })
  if (!(await deps.stores.roles.delete(name, audit.at, { audit }))) throw new AuthError('NOT_FOUND')
  deps.log.info({ event: 'role.deleted', role: input.name, by: input.by }, 'role deleted')
}

function requireAdminPermissions(role: Role): void {
  const missing = adminPermissions.filter((permission) => !role.permissions.includes(permission))
  if (missing.length === 0) return
  throw new AuthError('VALIDATION_FAILED', {
    errors: missing.map((permission) => ({
      path: 'permissions',
      code: 'REQUIRED',
      message: `The role admin needs ${permission}.`,
    })),
  })
}
