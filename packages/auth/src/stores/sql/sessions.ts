import { type CompiledQuery, type InferResult, type Kysely, sql, type Transaction } from 'kysely'
import { AuthError } from '../../base/errors.ts'
import { type EpochSeconds, secondsPerDay } from '../../base/time.ts'
import type { Rotation, Session, SessionEndReason, SessionStore } from '../../model/session.ts'
import type { SqlDialect } from './database.ts'
import { encodeGenerations } from './generations.ts'
import { type LedgerWriter, type Revoke, revoking } from './revoking.ts'
import { fromSession, toSession } from './session-rows.ts'
import type { Tables } from './tables.ts'
import { takeTurnOfUser } from './turns-of-users.ts'
import { rolesColumns, toUser } from './user-rows.ts'

/** How many rows a sweep removes at a time. Others get their turn in between. */
const sweepBatch = 1000

export function sqlSessions(ledger: LedgerWriter): SessionStore {
  const { reserved: db, dialect } = ledger
  // Every refresh runs this one. Compiling it takes Kysely longer than SQLite needs to run it.
  const withUser = selectWithUser(db, '').compile()
  return {
    create: (session, limit) =>
      revoking(ledger, (trx, revoke) => createSession(trx, dialect, { session, limit, revoke })),
    find: (id) => findSession(db, id),
    findWithUser: (id) => findWithUser(db, { ...withUser, parameters: [id] }),
    rotate: (rotation) => rotateSession(db, rotation),
    end: (id, reason, at) =>
      revoking(ledger, (trx, revoke) => endSession(trx, revoke, { id, reason, at })),
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
  { session, limit, revoke }: { session: Session; limit: number; revoke: Revoke },
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

// Names that both tables have are the user's here; the session's carry its name.
function selectWithUser(db: Kysely<Tables>, id: string) {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('users')
    .select(rolesColumns)
    .select([
      'sessions.id as session_id',
      'sessions.user_id',
      'sessions.status as session_status',
      'sessions.auth_version',
      'sessions.generation',
      'sessions.generations',
      'sessions.created_at as session_created_at',
      'sessions.last_used_at',
      'sessions.expires_at',
      'sessions.max_expires_at',
      'sessions.ended_at',
      'sessions.end_reason',
      'sessions.auth_methods',
      'sessions.ip',
      'sessions.user_agent',
    ])
    .where('sessions.id', '=', id)
}

type WithUserRow = InferResult<ReturnType<typeof selectWithUser>>[number]

async function findWithUser(
  db: Kysely<Tables>,
  query: CompiledQuery<WithUserRow>,
): ReturnType<SessionStore['findWithUser']> {
  const { rows } = await db.executeQuery(query)
  const row = rows[0]
  if (!row) return null
  const session = toSession({
    ...row,
    id: row.session_id,
    status: row.session_status,
    created_at: row.session_created_at,
  })
  return { session, user: toUser(row) }
}

async function rotateSession(db: Kysely<Tables>, rotation: Rotation): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('sessions')
    .set({
      generation: rotation.fromGeneration + 1,
      generations: encodeGenerations(rotation.generations),
      last_used_at: rotation.lastUsedAt,
      expires_at: rotation.expiresAt,
      ip: rotation.ip,
      user_agent: rotation.userAgent,
    })
    .where('id', '=', rotation.sessionId)
    .where('status', '=', 'active')
    .where('generation', '=', rotation.fromGeneration)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('users')
          .select(sql`1`.as('one'))
          .whereRef('users.id', '=', 'sessions.user_id')
          .where('users.status', '=', 'active')
          .where('users.session_version', '=', rotation.sessionVersion),
      ),
    )
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

async function endSession(
  trx: Transaction<Tables>,
  revoke: Revoke,
  { id, reason, at }: { id: string; reason: SessionEndReason; at: EpochSeconds },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('sessions')
    .set({ status: 'ended', ended_at: at, end_reason: reason })
    .where('id', '=', id)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return false
  await revoke({ kind: 'session', key: id, floor: 0, reason }, at)
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
  },
): Promise<number> {
  const { userId, reason, at, except, revoke } = input
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
  for (let total = 0; ; ) {
    const removed = await deleteBatch(db, time)
    total += removed
    if (removed < sweepBatch) return total
  }
}

async function deleteBatch(db: Kysely<Tables>, time: EpochSeconds): Promise<number> {
  const day = Math.floor(time / secondsPerDay)
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('sessions')
        .select('id')
        .where((eb) =>
          eb.or([
            // The index is by day: by second, every rotation would rewrite its entry.
            eb.and([eb('expires_day', '<=', day), eb('expires_at', '<', time)]),
            eb('ended_at', '<', time),
          ]),
        )
        .limit(sweepBatch),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
