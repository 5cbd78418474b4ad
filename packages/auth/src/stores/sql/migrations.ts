import { usersRolesSessionsKeys } from './migrations/0001-users-roles-sessions-keys.ts'
import { revocations } from './migrations/0002-revocations.ts'
import { serviceClients } from './migrations/0003-service-clients.ts'
import { sharedCounters } from './migrations/0004-shared-counters.ts'
import { statusLists } from './migrations/0005-status-lists.ts'
import { eventStreams } from './migrations/0006-event-streams.ts'
import { auditTrail } from './migrations/0007-audit-trail.ts'
import { mail } from './migrations/0008-mail.ts'
import { knownDevices } from './migrations/0009-known-devices.ts'
import type { Migration } from './migrations/migration.ts'

/** Every step that leads to the schema this code knows, in order. */
export const migrations: readonly Migration[] = [
  usersRolesSessionsKeys,
  revocations,
  serviceClients,
  sharedCounters,
  statusLists,
  eventStreams,
  auditTrail,
  mail,
  knownDevices,
]
