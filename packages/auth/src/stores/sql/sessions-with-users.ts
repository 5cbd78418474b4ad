import type { InferResult, Kysely } from 'kysely'
import type { Session } from '../../model/session.ts'
import type { User } from '../../model/user.ts'
import { type Batching, compiledBySize } from './batch.ts'
import { toSession } from './session-rows.ts'
import type { Tables } from './tables.ts'
import { rolesColumns, toUser } from './user-rows.ts'

/** A session and whose it is, of one read. */
interface SessionWithUser {
  readonly session: Session
  readonly user: User
}

/** Reads sessions by their ids. */
export function readingWithUsers(db: Kysely<Tables>): Batching<string, SessionWithUser | null> {
  const statements = compiledBySize((size) => selectWithUsers(db, filled([], size)).compile())
  return {
    keyOf: (id) => id,
    async run(ids) {
      const { query, size } = statements.for(ids.length)
      const { rows } = await db.executeQuery<WithUserRow>({
        ...query,
        parameters: filled(ids, size),
      })
      const byId = new Map(rows.map((row) => [row.session_id, row]))
      return ids.map((id) => toSessionWithUser(byId.get(id)))
    },
  }
}

// No session has this id.
function filled(ids: readonly string[], size: number): string[] {
  return [...ids, ...Array<string>(size - ids.length).fill('')]
}

// Names that both tables have are the user's here; the session's carry its name.
function selectWithUsers(db: Kysely<Tables>, ids: readonly string[]) {
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
    .where('sessions.id', 'in', ids)
}

type WithUserRow = InferResult<ReturnType<typeof selectWithUsers>>[number]

function toSessionWithUser(row: WithUserRow | undefined): SessionWithUser | null {
  if (!row) return null
  const session = toSession({
    ...row,
    id: row.session_id,
    status: row.session_status,
    created_at: row.session_created_at,
  })
  return { session, user: toUser(row) }
}
