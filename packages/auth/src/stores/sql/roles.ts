import { type Kysely, sql, type Transaction } from 'kysely'
import { adminRole, type Role, type RoleStore } from '../../model/role.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

type PutResult = Awaited<ReturnType<RoleStore['put']>>

export function sqlRoles({ db }: Pick<SqlDatabase, 'db'>): RoleStore {
  return {
    list: () => listRoles(db),
    find: (name) => findRole(db, name),
    put: (role) => db.transaction().execute((trx) => putRole(trx, role)),
    delete: (name) => db.transaction().execute((trx) => deleteRole(trx, name)),
    permissionsOf: (roles) => permissionsOf(db, roles),
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

async function putRole(trx: Transaction<Tables>, { name, permissions }: Role): Promise<PutResult> {
  const wanted = [...new Set(permissions)].sort()
  const current = await findRole(trx, name)
  if (!current) {
    await trx.insertInto('roles').values({ name }).execute()
    await givePermissions(trx, name, wanted)
    return 'created'
  }
  // Permission names hold no space.
  if (current.permissions.join(' ') === wanted.join(' ')) return 'unchanged'
  await trx.deleteFrom('role_permissions').where('role', '=', name).execute()
  await givePermissions(trx, name, wanted)
  await raiseTokenVersions(trx, name)
  return 'changed'
}

async function deleteRole(trx: Transaction<Tables>, name: string): Promise<boolean> {
  if (name === adminRole) return false
  await raiseTokenVersions(trx, name)
  const { numDeletedRows } = await trx
    .deleteFrom('roles')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
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

/** Access tokens of everyone who has the role die. */
async function raiseTokenVersions(trx: Transaction<Tables>, role: string): Promise<void> {
  await trx
    .updateTable('users')
    .set({ token_version: sql`token_version + 1` })
    .where('id', 'in', (eb) =>
      eb.selectFrom('user_roles').select('user_id').where('role', '=', role),
    )
    .execute()
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
