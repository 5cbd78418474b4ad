import { type AliasedRawBuilder, sql } from 'kysely'
import type { User } from '../../model/user.ts'
import type { UserRow } from './tables.ts'

/** A user as it is read: its columns but those for searching, and its roles. */
export type StoredUser = Omit<UserRow, 'email_search' | 'name_search'> & {
  roles: string | null
  roles_version: number | null
}

/**
 * Of the row of `users` at hand: the roles, ascending, with a space between, and the highest of
 * their versions; `null` without roles. One statement reads both: they belong together.
 */
export const rolesColumns: readonly [
  AliasedRawBuilder<string | null, 'roles'>,
  AliasedRawBuilder<number | null, 'roles_version'>,
] = [
  sql<string | null>`(
    SELECT string_agg(role, ' ' ORDER BY role) FROM user_roles WHERE user_id = users.id
  )`.as('roles'),
  sql<number | null>`(
    SELECT max(roles.version) FROM user_roles JOIN roles ON roles.name = user_roles.role
    WHERE user_id = users.id
  )`.as('roles_version'),
]

export function toUser(row: StoredUser): User {
  return {
    id: row.id,
    email: row.email,
    emailKey: row.email_key,
    emailVerified: row.email_verified === 1,
    username: row.username,
    name: row.name,
    passwordHash: row.password_hash,
    status: row.status,
    roles: row.roles?.split(' ') ?? [],
    tokenVersion: row.token_version,
    rolesVersion: row.roles_version ?? 0,
    sessionVersion: row.session_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export function fromUser(user: User): UserRow {
  return {
    id: user.id,
    email: user.email,
    email_key: user.emailKey,
    email_search: toSearchText(user.email),
    email_verified: Number(user.emailVerified),
    username: user.username,
    name: user.name,
    name_search: user.name === null ? null : toSearchText(user.name),
    password_hash: user.passwordHash,
    status: user.status,
    token_version: user.tokenVersion,
    session_version: user.sessionVersion,
    created_at: user.createdAt,
    updated_at: user.updatedAt,
  }
}

/** Spells a text without regard to case. Databases differ here, and SQLite knows ASCII alone. */
export function toSearchText(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** Where `list` searches: the address as written, the username (lower case), the name. */
export const searchColumns = ['email_search', 'username', 'name_search'] as const
