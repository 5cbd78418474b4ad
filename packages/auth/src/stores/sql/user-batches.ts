import type { Transaction } from 'kysely'
import type { Along } from '../../model/along.ts'
import type { BatchOutcome, User } from '../../model/user.ts'
import { writeAlong } from './along.ts'
import type { Tables } from './tables.ts'
import { fromUser } from './user-rows.ts'

type Holder = Extract<BatchOutcome, { readonly holder: unknown }>['holder']

/** Who has the keys of users that could not be added. */
interface Holders {
  readonly byEmailKey: ReadonlyMap<string, Holder>
  readonly byUsername: ReadonlyMap<string, Holder>
}

/** How many are in a statement: its parameters are counted, and it is compiled as a whole. */
const usersPerStatement = 1000

/** Adds those of many users that can be added; what goes along, if there are any. */
export async function createUsers(
  trx: Transaction<Tables>,
  users: readonly User[],
  along: Along | undefined,
): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = []
  for (let start = 0; start < users.length; start += usersPerStatement) {
    outcomes.push(...(await createSome(trx, users.slice(start, start + usersPerStatement))))
  }
  if (outcomes.some(({ result }) => result === 'created')) await writeAlong(trx, along)
  return outcomes
}

async function createSome(
  trx: Transaction<Tables>,
  users: readonly User[],
): Promise<BatchOutcome[]> {
  const roles = await knownRoles(trx, users)
  const candidates = users.filter((user) => user.roles.every((role) => roles.has(role)))
  const inserted = await insertUsers(trx, candidates)
  // To look who is there costs as much as to add them, and mostly nobody is.
  const holders = await findHolders(trx, inserted === candidates.length ? [] : candidates)
  const created = new Set(
    inserted === candidates.length
      ? candidates
      : candidates.filter(({ id, emailKey }) => holders.byEmailKey.get(emailKey)?.id === id),
  )
  if (created.size !== inserted) throw sameId()
  await giveRoles(trx, [...created])
  const known = new Set(candidates)
  return users.map((user) => {
    if (!known.has(user)) return { result: 'role_unknown' }
    return created.has(user) ? { result: 'created' } : whatIsTaken(user, holders)
  })
}

/** @returns How many were added. Rows of one statement meet in their order. */
async function insertUsers(trx: Transaction<Tables>, users: readonly User[]): Promise<number> {
  if (users.length === 0) return 0
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('users')
    .values(users.map(fromUser))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows)
}

async function knownRoles(
  trx: Transaction<Tables>,
  users: readonly User[],
): Promise<ReadonlySet<string>> {
  const wanted = [...new Set(users.flatMap(({ roles }) => roles))]
  if (wanted.length === 0) return new Set()
  const rows = await trx.selectFrom('roles').select('name').where('name', 'in', wanted).execute()
  return new Set(rows.map(({ name }) => name))
}

async function giveRoles(trx: Transaction<Tables>, users: readonly User[]): Promise<void> {
  const rows = users.flatMap(({ id, roles }) =>
    [...new Set(roles)].map((role) => ({ user_id: id, role })),
  )
  if (rows.length > 0) await trx.insertInto('user_roles').values(rows).execute()
}

async function findHolders(trx: Transaction<Tables>, users: readonly User[]): Promise<Holders> {
  const emailKeys = users.map(({ emailKey }) => emailKey)
  const usernames = users.flatMap(({ username }) => username ?? [])
  const rows = users.length === 0 ? [] : await selectHolders(trx, emailKeys, usernames)
  const holders = rows.map((row) => ({
    ...row,
    holder: { id: row.id, passwordHash: row.password_hash, createdAt: row.created_at },
  }))
  return {
    byEmailKey: new Map(holders.map(({ email_key, holder }) => [email_key, holder])),
    byUsername: new Map(holders.map(({ username, holder }) => [username ?? '', holder])),
  }
}

function selectHolders(
  trx: Transaction<Tables>,
  emailKeys: readonly string[],
  usernames: readonly string[],
) {
  const query = trx
    .selectFrom('users')
    .select(['id', 'email_key', 'username', 'password_hash', 'created_at'])
    .where('email_key', 'in', emailKeys)
  if (usernames.length === 0) return query.execute()
  // Not with OR: each part has an index.
  return query
    .union(
      trx
        .selectFrom('users')
        .select(['id', 'email_key', 'username', 'password_hash', 'created_at'])
        .where('username', 'in', usernames),
    )
    .execute()
}

function whatIsTaken(user: User, { byEmailKey, byUsername }: Holders): BatchOutcome {
  const ofEmail = byEmailKey.get(user.emailKey)
  if (ofEmail) return { result: 'email_taken', holder: ofEmail }
  const ofUsername = user.username === null ? undefined : byUsername.get(user.username)
  if (ofUsername) return { result: 'username_taken', holder: ofUsername }
  throw sameId()
}

function sameId(): Error {
  return new Error('There is a user with this id already.')
}
