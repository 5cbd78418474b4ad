import type { Kysely, SelectQueryBuilder, Transaction } from 'kysely'
import { AuthError } from '../../base/errors.ts'
import { type EpochSeconds, secondsPerDay } from '../../base/time.ts'
import type { Along } from '../../model/along.ts'
import type { Session, SessionEndReason, SessionStore } from '../../model/session.ts'
import { writeAlong } from './along.ts'
import { batched } from './batch.ts'
import type { SqlDialect } from './database.ts'
import { type LedgerWriter, type Revoke, revoking } from './revoking.ts'
import { rotating } from './rotations.ts'
import { fromSession, toSession } from './session-rows.ts'
import { readingWithUsers } from './sessions-with-users.ts'
import type { Tables } from './tables.ts'
import { takeTurnOfUser } from './turns-of-users.ts'

/** How many rows a sweep removes at a time. Others get their turn in between. */
const sweepBatch = 1000

export function sqlSessions(ledger: LedgerWriter): SessionStore {
  const { reserved: db, dialect } = ledger
  const findWithUser = batched(readingWithUsers(db))
  const rotate = batched(rotating(db, dialect))
  return {
    create: (session, limit, along) =>
      revoking(ledger, (trx, revoke) =>
        createSession(trx, dialect, { session, limit, revoke, along }),
      ),
    find: (id) => findSession(db, id),
    findWithUser,
    rotate,
    end: (id, reason, at, along) =>
      revoking(ledger, (trx, revoke) => endSession(trx, revoke, { id, reason, at, along })),
    endOthersOfUser: (userId, input) =>
      revoking(ledger, (trx, revoke) =>
        endOthersOfUser(trx, dialect, { userId, revoke, ...input }),
      ),
    listActive: (userId) => listActive(db, userId),
    listOfUser: (userId) => listOfUser(db, userId),
    deleteExpired: (time) => deleteExpired(db, time),
  }
}

async function createSession(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  {
    session,
    limit,
    revoke,
    along,
  }: { session: Session; limit: number; revoke: Revoke; along: Along | undefined },
): Promise<void> {
  await takeTurnOfUser(trx, dialect, session.userId)
  await requireUser(trx, session.userId)
  await trx.insertInto('sessions').values(fromSession(session)).execute()
  const kept = selectActive(trx, session.userId)
    .select('id')
    .where('id', '<>', session.id)
    .limit(Math.max(limit - 1, 0))
  const ended = await trx
    .updateTable('sessions')
    .set({ status: 'ended', ended_at: session.createdAt, end_reason: 'session_limit' })
    .where('user_id', '=', session.userId)
    .where('status', '=', 'active')
    .where('id', '<>', session.id)
    .where('id', 'not in', kept)
    .returning('id')
    .execute()
  for (const { id } of ended) {
    const entry = { kind: 'session', key: id, floor: 0, reason: 'session_limit' } as const
    await revoke(entry, session.createdAt)
  }
  await writeAlong(trx, along)
}

// Who is deleted while they sign in is nobody at the next try.
async function requireUser(trx: Transaction<Tables>, id: string): Promise<void> {
  const user = await trx.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst()
  if (user) return
  throw new AuthError('UNAVAILABLE', { detail: 'the user is gone', retryAfterSeconds: 1 })
}

async function findSession(db: Kysely<Tables>, id: string): Promise<Session | null> {
  const row = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toSession(row) : null
}

async function endSession(
  trx: Transaction<Tables>,
  revoke: Revoke,
  {
    id,
    reason,
    at,
    along,
  }: { id: string; reason: SessionEndReason; at: EpochSeconds; along: Along | undefined },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('sessions')
    .set({ status: 'ended', ended_at: at, end_reason: reason })
    .where('id', '=', id)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return false
  await revoke({ kind: 'session', key: id, floor: 0, reason }, at)
  await writeAlong(trx, along)
  return true
}

async function endOthersOfUser(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  input: {
    userId: string
    reason: SessionEndReason
    at: EpochSeconds
    except: string
    revoke: Revoke
    along?: Along
  },
): Promise<number> {
  const { userId, reason, at, except, revoke, along } = input
  await takeTurnOfUser(trx, dialect, userId)
  const ended = await trx
    .updateTable('sessions')
    .set({ status: 'ended', ended_at: at, end_reason: reason })
    .where('user_id', '=', userId)
    .where('status', '=', 'active')
    .where('id', '<>', except)
    .returning('id')
    .execute()
  for (const { id } of ended) await revoke({ kind: 'session', key: id, floor: 0, reason }, at)
  await writeAlong(trx, along)
  return ended.length
}

async function listActive(db: Kysely<Tables>, userId: string): Promise<Session[]> {
  const rows = await selectActive(db, userId).selectAll().execute()
  return rows.map(toSession)
}

async function listOfUser(db: Kysely<Tables>, userId: string): Promise<Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toSession)
}

function selectActive(db: Kysely<Tables>, userId: string) {
  return db
    .selectFrom('sessions')
    .where('user_id', '=', userId)
    .where('status', '=', 'active')
    .orderBy('last_used_at', 'desc')
    .orderBy('id')
}

async function deleteExpired(db: Kysely<Tables>, time: EpochSeconds): Promise<number> {
  const expired = await deleteInBatches(db, () => selectExpired(db, time))
  const ended = await deleteInBatches(db, () => selectEnded(db, time))
  return expired + ended
}

type Ids = SelectQueryBuilder<Tables, 'sessions', { id: string }>

async function deleteInBatches(db: Kysely<Tables>, select: () => Ids): Promise<number> {
  for (let total = 0; ; ) {
    const { numDeletedRows } = await db
      .deleteFrom('sessions')
      .where('id', 'in', select().limit(sweepBatch))
      .executeTakeFirstOrThrow()
    total += Number(numDeletedRows)
    if (numDeletedRows < sweepBatch) return total
  }
}

// In the order of an index each, or the whole table is read to find the last few.
function selectExpired(db: Kysely<Tables>, time: EpochSeconds): Ids {
  return (
    db
      .selectFrom('sessions')
      .select('id')
      // The index is by day: by second, every rotation would rewrite its entry.
      .where('expires_day', '<=', Math.floor((time - 1) / secondsPerDay))
      .where('expires_at', '<', time)
      .orderBy('expires_day')
  )
}

function selectEnded(db: Kysely<Tables>, time: EpochSeconds): Ids {
  return db.selectFrom('sessions').select('id').where('ended_at', '<', time).orderBy('ended_at')
}
