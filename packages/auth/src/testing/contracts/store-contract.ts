import { auditStoreContract } from './audit.ts'
import { counterStoreContract } from './counters.ts'
import { eventStreamStoreContract } from './event-streams.ts'
import { installationStoreContract } from './installation.ts'
import { knownDeviceStoreContract } from './known-devices.ts'
import { storesContract } from './lifecycle.ts'
import { oneTimeTokenStoreContract } from './one-time-tokens.ts'
import { outboxStoreContract } from './outbox.ts'
import { revocationStoreContract } from './revocations.ts'
import { roleStoreContract } from './roles.ts'
import { serviceClientStoreContract } from './service-clients.ts'
import { sessionStoreContract } from './sessions.ts'
import { signingKeyStoreContract } from './signing-keys.ts'
import { statusStoreContract } from './statuses.ts'
import type { StoreCase } from './store-case.ts'
import { userStoreContract } from './users.ts'

/**
 * Everything `Stores` must do, by aggregate. Under any test runner:
 *
 * ```ts
 * for (const [aggregate, cases] of Object.entries(storeContract)) {
 *   for (const { name, run } of cases) test(`${aggregate}: ${name}`, () => run(openMyStores))
 * }
 * ```
 */
export const storeContract: Readonly<Record<string, readonly StoreCase[]>> = {
  stores: storesContract,
  users: userStoreContract,
  sessions: sessionStoreContract,
  roles: roleStoreContract,
  signingKeys: signingKeyStoreContract,
  revocations: revocationStoreContract,
  clients: serviceClientStoreContract,
  installation: installationStoreContract,
  counters: counterStoreContract,
  statuses: statusStoreContract,
  eventStreams: eventStreamStoreContract,
  audit: auditStoreContract,
  outbox: outboxStoreContract,
  oneTimeTokens: oneTimeTokenStoreContract,
  knownDevices: knownDeviceStoreContract,
}
