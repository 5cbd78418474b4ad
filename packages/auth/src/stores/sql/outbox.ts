import type { Kysely } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type { OutboxStore, TakenOrder } from '../../model/mail.ts'
import { writeAlong } from './along.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export function sqlOutbox(database: Pick<SqlDatabase, 'db' | 'dialect'>): OutboxStore {
  const { db } = database
  return {
    add: (orders, audit) =>
      inTransaction(database, (trx) => writeAlong(trx, { mail: orders, ...(audit && { audit }) })),
    take: (now, until, limit) => takeDue(db, { now, until, limit }),
    async postpone(id, dueAt) {
      await db.updateTable('mail_orders').set({ due_at: dueAt }).where('id', '=', id).execute()
    },
    async remove(id) {
      await db.deleteFrom('mail_orders').where('id', '=', id).execute()
    },
    waiting: () => countWaiting(db),
  }
}

async function takeDue(
  db: Kysely<Tables>,
  { now, until, limit }: { now: EpochSeconds; until: EpochSeconds; limit: number },
): Promise<TakenOrder[]> {
  // Most of the time there is nothing to do, and nobody must wait for that.
  const due = await db
    .selectFrom('mail_orders')
    .select('id')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  if (due.length === 0) return []
  const ids = due.map(({ id }) => id)
  const rows = await db
    .updateTable('mail_orders')
    .set(({ eb }) => ({ due_at: until, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', ids)
    // Whoever was slower sees here that an order is taken.
    .where('due_at', '<=', now)
    .returningAll()
    .execute()
  return rows.map(({ id, kind, sealed, attempts, created_at: createdAt }) => ({
    id,
    kind,
    sealed,
    attempts,
    createdAt,
  }))
}

async function countWaiting(db: Kysely<Tables>): ReturnType<OutboxStore['waiting']> {
  const { count, oldest } = await db
    .selectFrom('mail_orders')
    .select(({ fn }) => [
      fn.countAll<number | string>().as('count'),
      fn.min('created_at').as('oldest'),
    ])
    .executeTakeFirstOrThrow()
  return { count: Number(count), oldestAt: oldest }
}
