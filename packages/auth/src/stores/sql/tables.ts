import type { Generated, GeneratedAlways } from 'kysely'
import type { AuditEvent, AuditType } from '../../model/audit.ts'
import type { EventStreamStatus } from '../../model/event-stream.ts'
import type { MailOrderKind } from '../../model/mail.ts'
import type { OneTimePurpose } from '../../model/one-time-token.ts'
import type { Revocation, RevocationReason } from '../../model/revocation.ts'
import type { ServiceClient } from '../../model/service-client.ts'
import type { SessionEndReason } from '../../model/session.ts'
import type { SigningAlgorithm } from '../../model/signing-key.ts'
import type { UserStatus } from '../../model/user.ts'

/** The columns as every dialect gives and takes them: booleans are 0 or 1, times are numbers. */
export interface Tables {
  users: UserRow
  roles: { name: string; version: Generated<number> }
  role_permissions: { role: string; permission: string }
  user_roles: { user_id: string; role: string }
  sessions: SessionRow
  signing_keys: SigningKeyRow
  installation: { name: string; value: string }
  /** One row: the number of the newest change to what roles give. */
  role_clock: { version: number }
  revocations: RevocationRow
  verifiers: VerifierRow
  service_clients: ServiceClientRow
  /** Values that count once, until they expire by themselves. */
  taken_values: { value: string; expires_at: number }
  counters: CounterRow
  status_indexes: StatusIndexRow
  event_streams: EventStreamRow
  outgoing_events: { id: Generated<number>; stream_id: string; jti: string; claims: string }
  audit_events: AuditEventRow
  mail_orders: MailOrderRow
  one_time_tokens: OneTimeTokenRow
  known_devices: {
    user_id: string
    device: string
    first_seen_at: number
    last_seen_at: number
  }
  countersign_migrations: { name: string }
}

export interface UserRow {
  id: string
  email: string
  email_key: string
  /** `email` as `list` searches it. */
  email_search: string
  email_verified: number
  username: string | null
  name: string | null
  /** `name` as `list` searches it. */
  name_search: string | null
  password_hash: string
  status: UserStatus
  token_version: number
  session_version: number
  created_at: number
  updated_at: number
}

export interface SessionRow {
  id: string
  user_id: string
  status: 'active' | 'ended'
  auth_version: number
  generation: number
  /** Newest first, 40 bytes each. See `encodeGenerations`. */
  generations: Uint8Array
  created_at: number
  last_used_at: number
  expires_at: number
  /** Whole days from the epoch to `expires_at`, as the database reckons them. */
  expires_day: GeneratedAlways<number>
  max_expires_at: number
  ended_at: number | null
  end_reason: SessionEndReason | null
  /** A JSON array of strings. */
  auth_methods: string
  ip: string
  user_agent: string | null
}

export interface SigningKeyRow {
  kid: string
  algorithm: SigningAlgorithm
  public_jwk: string
  sealed_private_key: string
  created_at: number
  active_from: number
}

export interface RevocationRow {
  /** In the order of writing. */
  id: Generated<number>
  kind: Revocation['kind']
  key: string
  floor: number
  reason: RevocationReason
  expires_at: number
}

export interface VerifierRow {
  id: string
  cursor: string
  seen_at: number
}

export interface ServiceClientRow {
  id: string
  name: string
  /** With a space between. */
  scopes: string
  secret_hash: Uint8Array | null
  jwks: string | null
  status: ServiceClient['status']
  token_version: number
  created_at: number
}

export interface CounterRow {
  limit_name: string
  key: string
  taken: number
  wait_until: number
  expires_at: number
}

export interface StatusIndexRow {
  idx: number
  session_id: string
  token_version: number
  roles_version: number
  expires_at: number
}

export interface EventStreamRow {
  id: string
  client_id: string
  audience: string
  /** Without one, events are fetched. */
  push_url: string | null
  sealed_authorization: string | null
  /** With a space between. */
  events_requested: string
  description: string | null
  status: EventStreamStatus
  status_reason: string | null
  cursor: string
  leased_until: Generated<number>
  created_at: number
}

export interface AuditEventRow {
  id: Generated<number>
  at: number
  type: AuditType
  actor: string
  subject: string | null
  session_id: string | null
  network: string | null
  outcome: AuditEvent['outcome']
  reason: string | null
  position: number | null
  hash: Uint8Array | null
}

export interface MailOrderRow {
  id: string
  kind: MailOrderKind
  sealed: string
  attempts: Generated<number>
  due_at: number
  created_at: number
}

export interface OneTimeTokenRow {
  hash: string
  purpose: OneTimePurpose
  slot: string
  user_id: string
  email_key: string
  detail: string | null
  expires_at: number
}
