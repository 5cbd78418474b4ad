import type { Tables } from './tables.ts'

/** A table as it is moved from one database to another. */
export interface MovedTable {
  readonly name: keyof Tables
  /** In which order it is read; all of it tells rows apart. */
  readonly key: readonly string[]
  /** What the database works out or gives out by itself, and what of it is not moved. */
  readonly without?: readonly string[]
}

/**
 * What is moved, in an order in which references hold. Not moved: who reads the feed, which shows
 * again within seconds, and counted tries. A number that the database gives out is another one
 * there: only its order matters.
 */
export const movedTables: readonly MovedTable[] = [
  { name: 'role_clock', key: ['version'] },
  { name: 'roles', key: ['name'] },
  { name: 'role_permissions', key: ['role', 'permission'] },
  { name: 'users', key: ['id'] },
  { name: 'user_roles', key: ['user_id', 'role'] },
  { name: 'sessions', key: ['id'], without: ['expires_day'] },
  { name: 'signing_keys', key: ['kid'] },
  { name: 'revocations', key: ['id'], without: ['id', 'xid'] },
  { name: 'service_clients', key: ['id'] },
  { name: 'taken_values', key: ['value'] },
  { name: 'status_indexes', key: ['idx'] },
  { name: 'event_streams', key: ['id'] },
  { name: 'outgoing_events', key: ['id'], without: ['id'] },
  { name: 'audit_events', key: ['id'], without: ['id'] },
  { name: 'mail_orders', key: ['id'] },
  { name: 'one_time_tokens', key: ['hash'] },
  { name: 'known_devices', key: ['user_id', 'device'] },
  { name: 'installation', key: ['name'] },
]
