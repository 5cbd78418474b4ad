import { type Kysely, sql, type Transaction } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import { adminRole, type Role, type RoleStore } from '../../model/role.ts'
import { writeAlong } from './along.ts'
import type { SqlDatabase } from './database.ts'
import { type LedgerWriter, type Revoke, revoking } from './revoking.ts'
import type { Tables } from './tables.ts'

type PutResult = Awaited<ReturnType<RoleStore['put']>>

export function sqlRoles(ledger: Pick<SqlDatabase, 'db'> & LedgerWriter): RoleStore {
  const { db, reserved, dialect } = ledger
  return {
    list: () => listRoles(db),
    find: (name) => findRole(db, name),
    put: (role, at, along) =>
      revoking(ledger, async (trx, revoke) => {
        await dialect.takeTurn(trx, 'roles')
        const result = await putRole(trx, revoke, { role, at })
        if (result !== 'unchanged') await writeAlong(trx, along)
        return result
      }),
    delete: (name, at, along) =>
      revoking(ledger, async (trx, revoke) => {
        await dialect.takeTurn(trx, 'roles')
        const isDeleted = await deleteRole(trx, revoke, { name, at })
        if (isDeleted) await writeAlong(trx, along)
        return isDeleted
      }),
    permissionsOf: (roles) => permissionsOf(reserved, roles),
  }
}

async function listRoles(db: Kysely<Tables>): Promise<Role[]> {
  const rows = await selectRoles(db).orderBy('name').execute()
  return rows.map(toRole)
}

async function findRole(db: Kysely<Tables>, name: string): Promise<Role | null> {
  const row = await selectRoles(db).where('name', '=', name).executeTakeFirst()
  return row ? toRole(row) : null
}

async function putRole(
  trx: Transaction<Tables>,
  revoke: Revoke,
  { role: { name, permissions }, at }: { role: Role; at: EpochSeconds },
): Promise<PutResult> {
  const wanted = [...new Set(permissions)].sort()
  const current = await findRole(trx, name)
  if (!current) {
    // Not below what was revoked of a role that had this name.
    const { version } = await trx
      .selectFrom('role_clock')
      .select('version')
      .executeTakeFirstOrThrow()
    await trx.insertInto('roles').values({ name, version }).execute()
    await givePermissions(trx, name, wanted)
    return 'created'
  }
  // Permission names hold no space.
  if (current.permissions.join(' ') === wanted.join(' ')) return 'unchanged'
  await trx.deleteFrom('role_permissions').where('role', '=', name).execute()
  await givePermissions(trx, name, wanted)
  const version = await nextVersion(trx)
  await trx.updateTable('roles').set({ version }).where('name', '=', name).execute()
  await revoke({ kind: 'role', key: name, floor: version, reason: 'role_changed' }, at)
  return 'changed'
}

async function deleteRole(
  trx: Transaction<Tables>,
  revoke: Revoke,
  { name, at }: { name: string; at: EpochSeconds },
): Promise<boolean> {
  if (name === adminRole) return false
  const { numDeletedRows } = await trx
    .deleteFrom('roles')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  if (numDeletedRows === 0n) return false
  const floor = await nextVersion(trx)
  await revoke({ kind: 'role', key: name, floor, reason: 'role_changed' }, at)
  return true
}

async function permissionsOf(db: Kysely<Tables>, roles: readonly string[]): Promise<string[]> {
  if (roles.length === 0) return []
  const rows = await db
    .selectFrom('role_permissions')
    .select('permission')
    .distinct()
    .where('role', 'in', roles)
    .orderBy('permission')
    .execute()
  return rows.map(({ permission }) => permission)
}

async function givePermissions(
  trx: Transaction<Tables>,
  role: string,
  permissions: readonly string[],
): Promise<void> {
  const rows = permissions.map((permission) => ({ role, permission }))
  if (rows.length > 0) await trx.insertInto('role_permissions').values(rows).execute()
}

/** One clock for all roles: a user's highest version goes up with any of their roles. */
async function nextVersion(trx: Transaction<Tables>): Promise<number> {
  const { version } = await trx
    .updateTable('role_clock')
    .set({ version: sql`version + 1` })
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

function selectRoles(db: Kysely<Tables>) {
  const permissions = sql<string | null>`(
    SELECT string_agg(permission, ' ' ORDER BY permission)
    FROM role_permissions WHERE role = roles.name
  )`
  return db.selectFrom('roles').select('name').select(permissions.as('permissions'))
}

function toRole({ name, permissions }: { name: string; permissions: string | null }): Role {
  return { name, permissions: permissions?.split(' ') ?? [] }
}
