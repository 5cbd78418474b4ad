import { type Kysely, sql, type Transaction, type UpdateObject } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type { Along } from '../../model/along.ts'
import { adminRole } from '../../model/role.ts'
import type {
  User,
  UserChange,
  UserExpectation,
  UserQuery,
  UserStore,
  UserUpdateResult,
} from '../../model/user.ts'
import { writeAlong } from './along.ts'
import type { SqlDatabase, SqlDialect } from './database.ts'
import { takeOneTimeToken } from './one-time-tokens.ts'
import { type LedgerWriter, type Revoke, revoking } from './revoking.ts'
import type { Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'
import { takeTurnOfUser } from './turns-of-users.ts'
import { createUsers } from './user-batches.ts'
import { fromUser, rolesColumns, searchColumns, toSearchText, toUser } from './user-rows.ts'

type CreateResult = Awaited<ReturnType<UserStore['create']>>
type DeleteResult = Awaited<ReturnType<UserStore['delete']>>

export function sqlUsers(database: Pick<SqlDatabase, 'db'> & LedgerWriter): UserStore {
  const { db, dialect } = database
  return {
    create: (user, along) => inTransaction(database, (trx) => createUser(trx, user, along)),
    createMany: (users, along) => inTransaction(database, (trx) => createUsers(trx, users, along)),
    find: (id) => findUser(db, 'id', id),
    findByEmailKey: (emailKey) => findUser(db, 'email_key', emailKey),
    findByUsername: (username) => findUser(db, 'username', username),
    update: (id, change, expected = {}, along) =>
      revoking(database, (trx, revoke) =>
        updateUser(trx, dialect, { id, change, expected, revoke, along }),
      ),
    list: (query) => listUsers(database, query),
    delete: (id, at, along) =>
      revoking(database, (trx, revoke) => deleteUser(trx, dialect, { id, at, revoke, along })),
  }
}

async function createUser(
  trx: Transaction<Tables>,
  user: User,
  along: Along | undefined,
): Promise<CreateResult> {
  if (!(await doRolesExist(trx, user.roles))) return 'role_unknown'
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('users')
    .values(fromUser(user))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) return await whatIsTaken(trx, user)
  await giveRoles(trx, user)
  await writeAlong(trx, along)
  return 'created'
}

async function whatIsTaken(
  trx: Transaction<Tables>,
  user: User,
): Promise<'email_taken' | 'username_taken'> {
  if (await findUser(trx, 'email_key', user.emailKey)) return 'email_taken'
  if (user.username !== null && (await findUser(trx, 'username', user.username))) {
    return 'username_taken'
  }
  throw new Error('There is a user with this id already.')
}

async function findUser(
  db: Kysely<Tables>,
  column: 'id' | 'email_key' | 'username',
  value: string,
): Promise<User | null> {
  const row = await selectUsers(db).where(column, '=', value).executeTakeFirst()
  return row ? toUser(row) : null
}

async function updateUser(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  {
    id,
    change,
    expected,
    revoke,
    along,
  }: {
    id: string
    change: UserChange
    expected: UserExpectation
    revoke: Revoke
    along: Along | undefined
  },
): Promise<UserUpdateResult> {
  await takeTurnOfUser(trx, dialect, id)
  const user = await findUser(trx, 'id', id)
  if (!user) return 'not_found'
  if (!isAsExpected(user, expected)) return 'conflict'
  if (await isTaken(trx, id, 'email_key', change.emailKey)) return 'email_taken'
  if (await isTaken(trx, id, 'username', change.username)) return 'username_taken'
  if (change.roles && !(await doRolesExist(trx, change.roles))) return 'role_unknown'
  if (endsAdmin(change) && (await isLastAdmin(trx, dialect, id))) return 'last_admin'

  const { oneTimeToken } = expected
  if (oneTimeToken && !(await takeOneTimeToken(trx, oneTimeToken))) return 'conflict'

  await trx.updateTable('users').set(changedColumns(change)).where('id', '=', id).execute()
  if (change.raise?.includes('tokenVersion')) {
    const { reason = 'logout_everywhere', updatedAt } = change
    await revoke({ kind: 'user', key: id, floor: user.tokenVersion + 1, reason }, updatedAt)
  }
  if (change.roles) {
    await trx.deleteFrom('user_roles').where('user_id', '=', id).execute()
    await giveRoles(trx, { id, roles: change.roles })
  }
  await writeAlong(trx, along)
  return 'updated'
}

async function deleteUser(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  {
    id,
    at,
    revoke,
    along,
  }: { id: string; at: EpochSeconds; revoke: Revoke; along: Along | undefined },
): Promise<DeleteResult> {
  await takeTurnOfUser(trx, dialect, id)
  if (await isLastAdmin(trx, dialect, id)) return 'last_admin'
  const deleted = await trx
    .deleteFrom('users')
    .where('id', '=', id)
    .returning('token_version')
    .executeTakeFirst()
  if (!deleted) return 'not_found'
  const floor = deleted.token_version + 1
  await revoke({ kind: 'user', key: id, floor, reason: 'user_deleted' }, at)
  await writeAlong(trx, along)
  return 'deleted'
}

async function listUsers(
  { db, dialect }: Pick<SqlDatabase, 'db' | 'dialect'>,
  { search, role, status, after, limit }: UserQuery,
): Promise<User[]> {
  let query = selectUsers(db).orderBy('created_at').orderBy('id').limit(limit)
  if (search !== undefined) {
    const text = toSearchText(search)
    query = query.where((eb) =>
      eb.or(searchColumns.map((column) => dialect.contains(eb.ref(column), text))),
    )
  }
  if (role !== undefined) {
    query = query.where('id', 'in', (eb) =>
      eb.selectFrom('user_roles').select('user_id').where('role', '=', role),
    )
  }
  if (status !== undefined) query = query.where('status', '=', status)
  if (after !== undefined) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'id'), '>', tuple(after.createdAt, after.id)),
    )
  }
  const rows = await query.execute()
  return rows.map(toUser)
}

function selectUsers(db: Kysely<Tables>) {
  return db.selectFrom('users').selectAll().select(rolesColumns)
}

function isAsExpected(user: User, expected: UserExpectation): boolean {
  const { oneTimeToken: _, ...members } = expected
  return Object.entries(members).every(
    ([name, value]) => value === undefined || user[name as keyof typeof members] === value,
  )
}

async function isTaken(
  trx: Transaction<Tables>,
  id: string,
  column: 'email_key' | 'username',
  value: string | null | undefined,
): Promise<boolean> {
  if (value === null || value === undefined) return false
  const holder = await findUser(trx, column, value)
  return holder !== null && holder.id !== id
}

function endsAdmin({ status, roles }: UserChange): boolean {
  return status === 'blocked' || (roles !== undefined && !roles.includes(adminRole))
}

/** Whoever asks holds the turn until the end: of two admins who leave, one is the last. */
async function isLastAdmin(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  id: string,
): Promise<boolean> {
  await dialect.takeTurn(trx, 'last admin')
  const admins = await trx
    .selectFrom('users')
    .innerJoin('user_roles', 'user_roles.user_id', 'users.id')
    .select('users.id')
    .where('role', '=', adminRole)
    .where('status', '=', 'active')
    .limit(2)
    .execute()
  return admins.length === 1 && admins[0]?.id === id
}

function changedColumns(change: UserChange): UpdateObject<Tables, 'users'> {
  const { name, username, email, emailKey, emailVerified, status, passwordHash } = change
  const { raise = [], updatedAt } = change
  return {
    updated_at: updatedAt,
    ...(name !== undefined && { name, name_search: name && toSearchText(name) }),
    ...(username !== undefined && { username }),
    ...(email !== undefined && { email, email_key: emailKey, email_search: toSearchText(email) }),
    ...(emailVerified !== undefined && { email_verified: Number(emailVerified) }),
    ...(status !== undefined && { status }),
    ...(passwordHash !== undefined && { password_hash: passwordHash }),
    ...(raise.includes('tokenVersion') && { token_version: sql`token_version + 1` }),
    ...(raise.includes('sessionVersion') && { session_version: sql`session_version + 1` }),
  }
}

async function doRolesExist(trx: Transaction<Tables>, roles: readonly string[]): Promise<boolean> {
  const wanted = [...new Set(roles)]
  if (wanted.length === 0) return true
  const known = await trx.selectFrom('roles').select('name').where('name', 'in', wanted).execute()
  return known.length === wanted.length
}

async function giveRoles(
  trx: Transaction<Tables>,
  { id, roles }: Pick<User, 'id' | 'roles'>,
): Promise<void> {
  const rows = [...new Set(roles)].map((role) => ({ user_id: id, role }))
  if (rows.length > 0) await trx.insertInto('user_roles').values(rows).execute()
}
