import { type Kysely, sql } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type { StatusStore, StatusSubject } from '../../model/status-list.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

export function sqlStatuses({ db, reserved }: Pick<SqlDatabase, 'db' | 'reserved'>): StatusStore {
  return {
    find: (subject) => findIndex(reserved, subject),
    assign: (subject, index, until) => assignIndex(reserved, { subject, index, until }),
    deadBetween: (from, to) => deadBetween(db, from, to),
    deleteExpired: (time) => deleteExpired(db, time),
  }
}

async function findIndex(
  db: Kysely<Tables>,
  { sessionId, tokenVersion, rolesVersion }: StatusSubject,
): Promise<number | null> {
  const row = await db
    .selectFrom('status_indexes')
    .select('idx')
    .where('session_id', '=', sessionId)
    .where('token_version', '=', tokenVersion)
    .where('roles_version', '=', rolesVersion)
    .executeTakeFirst()
  return row?.idx ?? null
}

async function assignIndex(
  db: Kysely<Tables>,
  { subject, index, until }: { subject: StatusSubject; index: number; until: EpochSeconds },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('status_indexes')
    .values({
      idx: index,
      session_id: subject.sessionId,
      token_version: subject.tokenVersion,
      roles_version: subject.rolesVersion,
      expires_at: until,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

async function deadBetween(db: Kysely<Tables>, from: number, to: number): Promise<number[]> {
  // A session or user that is gone makes every comparison unknown, and so not true.
  const isAlive = sql<boolean>`coalesce(
    sessions.status = 'active'
      AND users.status = 'active'
      AND sessions.auth_version = users.session_version
      AND users.token_version = status_indexes.token_version
      AND status_indexes.roles_version = coalesce((
        SELECT max(roles.version) FROM user_roles JOIN roles ON roles.name = user_roles.role
        WHERE user_roles.user_id = users.id
      ), 0),
    false
  )`
  const rows = await db
    .selectFrom('status_indexes')
    .leftJoin('sessions', 'sessions.id', 'status_indexes.session_id')
    .leftJoin('users', 'users.id', 'sessions.user_id')
    .select('idx')
    .where('idx', '>=', from)
    .where('idx', '<', to)
    .where(({ not }) => not(isAlive))
    .orderBy('idx')
    .execute()
  return rows.map(({ idx }) => idx)
}

async function deleteExpired(db: Kysely<Tables>, time: EpochSeconds): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('status_indexes')
    .where('expires_at', '<', time)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
