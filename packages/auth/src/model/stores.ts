import type { AuditStore } from './audit.ts'
import type { SharedCounterStore } from './counter.ts'
import type { EventStreamStore } from './event-stream.ts'
import type { InstallationStore } from './installation.ts'
import type { KnownDeviceStore } from './known-device.ts'
import type { OutboxStore } from './mail.ts'
import type { OneTimeTokenStore } from './one-time-token.ts'
import type { RevocationStore } from './revocation.ts'
import type { RoleStore } from './role.ts'
import type { ServiceClientStore } from './service-client.ts'
import type { SessionStore } from './session.ts'
import type { SigningKeyStore } from './signing-key.ts'
import type { StatusStore } from './status-list.ts'
import type { UserStore } from './user.ts'

/** Everything that is kept, one contract per aggregate. */
export interface Stores {
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly roles: RoleStore
  readonly signingKeys: SigningKeyStore
  readonly revocations: RevocationStore
  readonly clients: ServiceClientStore
  readonly installation: InstallationStore
  readonly counters: SharedCounterStore
  readonly statuses: StatusStore
  readonly eventStreams: EventStreamStore
  readonly audit: AuditStore
  readonly outbox: OutboxStore
  readonly oneTimeTokens: OneTimeTokenStore
  readonly knownDevices: KnownDeviceStore
  /** Whether other processes, on other machines, may use what is kept here. */
  readonly isShared: boolean

  /** Of a pool, as it is now; `null` where there is none. */
  connections(): StoreConnections | null
  /**
   * Whether the schema is current.
   *
   * @throws {AuthError} `UNAVAILABLE` when the database does not answer.
   */
  check(): Promise<{ readonly isCurrent: boolean }>
  /** Finishes what was begun and lets go of the database. Safe to call twice. */
  close(): Promise<void>
}

/** How many connections there are, and how many callers wait for one. */
export interface StoreConnections {
  readonly open: number
  readonly idle: number
  readonly waiting: number
}
