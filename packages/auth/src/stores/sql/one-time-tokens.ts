import type { Kysely, Transaction } from 'kysely'
import type { OneTimePurpose, OneTimeToken, OneTimeTokenStore } from '../../model/one-time-token.ts'
import type { SqlDatabase } from './database.ts'
import type { OneTimeTokenRow, Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'
import { takeTurnOfUser } from './turns-of-users.ts'

export function sqlOneTimeTokens(database: Pick<SqlDatabase, 'db' | 'dialect'>): OneTimeTokenStore {
  const { db, dialect } = database
  return {
    put: (token) =>
      inTransaction(database, async (trx) => {
        await takeTurnOfUser(trx, dialect, token.userId)
        await putToken(trx, token)
      }),
    find: (purpose, hash) => findToken(db, { purpose, hash }),
    async deleteExpired(time) {
      const { numDeletedRows } = await db
        .deleteFrom('one_time_tokens')
        .where('expires_at', '<', time)
        .executeTakeFirstOrThrow()
      return Number(numDeletedRows)
    },
  }
}

async function putToken(trx: Transaction<Tables>, token: OneTimeToken): Promise<void> {
  const user = await trx
    .selectFrom('users')
    .select('id')
    .where('id', '=', token.userId)
    .executeTakeFirst()
  if (!user) return
  await trx.deleteFrom('one_time_tokens').where('slot', '=', token.slot).execute()
  await trx.insertInto('one_time_tokens').values(fromToken(token)).execute()
}

async function findToken(
  db: Kysely<Tables>,
  { purpose, hash }: { purpose: OneTimePurpose; hash: string },
): Promise<OneTimeToken | null> {
  const row = await db
    .selectFrom('one_time_tokens')
    .selectAll()
    .where('purpose', '=', purpose)
    .where('hash', '=', hash)
    .executeTakeFirst()
  return row ? toToken(row) : null
}

/** @returns Whether it was there. Of any number of transactions, one gets it. */
export async function takeOneTimeToken(
  trx: Transaction<Tables>,
  { purpose, hash }: { readonly purpose: OneTimePurpose; readonly hash: string },
): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('one_time_tokens')
    .where('purpose', '=', purpose)
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

function fromToken(token: OneTimeToken): OneTimeTokenRow {
  return {
    hash: token.hash,
    purpose: token.purpose,
    slot: token.slot,
    user_id: token.userId,
    email_key: token.emailKey,
    detail: token.detail,
    expires_at: token.expiresAt,
  }
}

function toToken(row: OneTimeTokenRow): OneTimeToken {
  return {
    hash: row.hash,
    purpose: row.purpose,
    slot: row.slot,
    userId: row.user_id,
    emailKey: row.email_key,
    detail: row.detail,
    expiresAt: row.expires_at,
  }
}
