import type { Insertable, Selectable } from 'kysely'
import type { Session } from '../../model/session.ts'
import { decodeGenerations, encodeGenerations } from './generations.ts'
import type { SessionRow } from './tables.ts'

export function toSession(row: Omit<Selectable<SessionRow>, 'expires_day'>): Session {
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    authVersion: row.auth_version,
    generation: row.generation,
    generations: decodeGenerations(row.generations),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    maxExpiresAt: row.max_expires_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    authMethods: JSON.parse(row.auth_methods) as string[],
    ip: row.ip,
    userAgent: row.user_agent,
  }
}

export function fromSession(session: Session): Insertable<SessionRow> {
  return {
    id: session.id,
    user_id: session.userId,
    status: session.status,
    auth_version: session.authVersion,
    generation: session.generation,
    generations: encodeGenerations(session.generations),
    created_at: session.createdAt,
    last_used_at: session.lastUsedAt,
    expires_at: session.expiresAt,
    max_expires_at: session.maxExpiresAt,
    ended_at: session.endedAt,
    end_reason: session.endReason,
    auth_methods: JSON.stringify(session.authMethods),
    ip: session.ip,
    user_agent: session.userAgent,
  }
}
