import type { Kysely, Selectable, Transaction } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type { Counter, CounterKey, CounterStep, SharedCounterStore } from '../../model/counter.ts'
import type { SqlDatabase } from './database.ts'
import type { CounterRow, Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export function sqlCounters(database: Pick<SqlDatabase, 'db' | 'dialect'>): SharedCounterStore {
  const { db, dialect } = database
  return {
    change: (which, step) =>
      inTransaction(database, async (trx) => {
        await dialect.takeTurn(trx, `counter ${which.limit} ${which.key}`)
        return await changeCounter(trx, which, step)
      }),
    deleteExpired: (time) => deleteExpired(db, time),
  }
}

async function changeCounter<Result>(
  trx: Transaction<Tables>,
  which: CounterKey,
  step: (found: Counter | null) => CounterStep<Result>,
): Promise<Result> {
  const found = await findCounter(trx, which)
  const { counter, result } = step(found)
  // What a refused try leaves unchanged is not written.
  if (counter && counter !== found) await keepCounter(trx, which, counter)
  if (!counter && found) await deleteCounter(trx, which)
  return result
}

async function findCounter(
  trx: Transaction<Tables>,
  { limit, key }: CounterKey,
): Promise<Counter | null> {
  const row = await trx
    .selectFrom('counters')
    .selectAll()
    .where('limit_name', '=', limit)
    .where('key', '=', key)
    .executeTakeFirst()
  return row ? toCounter(row) : null
}

async function keepCounter(
  trx: Transaction<Tables>,
  { limit, key }: CounterKey,
  { taken, waitUntil, expiresAt }: Counter,
): Promise<void> {
  const columns = { taken, wait_until: waitUntil, expires_at: expiresAt }
  await trx
    .insertInto('counters')
    .values({ limit_name: limit, key, ...columns })
    .onConflict((conflict) => conflict.columns(['limit_name', 'key']).doUpdateSet(columns))
    .execute()
}

async function deleteCounter(trx: Transaction<Tables>, { limit, key }: CounterKey): Promise<void> {
  await trx.deleteFrom('counters').where('limit_name', '=', limit).where('key', '=', key).execute()
}

async function deleteExpired(db: Kysely<Tables>, time: EpochSeconds): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('counters')
    .where('expires_at', '<=', time)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}

function toCounter(row: Selectable<CounterRow>): Counter {
  return { taken: row.taken, waitUntil: row.wait_until, expiresAt: row.expires_at }
}
