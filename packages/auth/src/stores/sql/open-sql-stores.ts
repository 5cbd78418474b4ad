import { StartupError } from '../../base/startup-error.ts'
import type { Stores } from '../../model/stores.ts'
import type { Logger } from '../../ports/logger.ts'
import { sqlAudit } from './audit.ts'
import { sqlCounters } from './counters.ts'
import type { SqlDatabase } from './database.ts'
import { createDoorbell } from './doorbell.ts'
import { sqlEventStreams } from './event-streams.ts'
import { sqlInstallation } from './installation.ts'
import { sqlKnownDevices } from './known-devices.ts'
import { isSchemaCurrent, migrateToLatest, pendingMigrations } from './migrate.ts'
import { sqlOneTimeTokens } from './one-time-tokens.ts'
import { beforeServing, openDatabase, type SqlOptions } from './open-database.ts'
import { sqlOutbox } from './outbox.ts'
import { sqlRevocations } from './revocations.ts'
import { sqlRoles } from './roles.ts'
import { sqlServiceClients } from './service-clients.ts'
import { sqlSessions } from './sessions.ts'
import { sqlSigningKeys } from './signing-keys.ts'
import { sqlStatuses } from './statuses.ts'
import { sqlUsers } from './users.ts'

/**
 * Opens the database and everything kept in it.
 *
 * @param options.migrate Whether to bring the schema up to date. Default `true`.
 * @throws {StartupError} when the database cannot be used; it is then as it was before.
 */
export async function openSqlStores(
  options: SqlOptions & { readonly migrate?: boolean },
): Promise<Stores> {
  const { migrate = true } = options
  const database = await openDatabase(options, { mayCreate: migrate })
  await beforeServing(database, async () => {
    if (migrate) await migrateAndLog(database, options.log)
    else await requireCurrent(database)
  })
  return storesOver(database)
}

/** Everything that is kept in an open database. */
export function storesOver(database: SqlDatabase): Stores {
  const ledger = { ...database, doorbell: createDoorbell() }
  return {
    users: sqlUsers(ledger),
    sessions: sqlSessions(ledger),
    roles: sqlRoles(ledger),
    signingKeys: sqlSigningKeys(ledger),
    revocations: sqlRevocations(ledger),
    clients: sqlServiceClients(ledger),
    installation: sqlInstallation(database),
    counters: sqlCounters(database),
    statuses: sqlStatuses(database),
    eventStreams: sqlEventStreams(database),
    audit: sqlAudit(database),
    outbox: sqlOutbox(database),
    oneTimeTokens: sqlOneTimeTokens(database),
    knownDevices: sqlKnownDevices(database),
    isShared: database.dialect.name === 'postgresql',
    connections: () => database.connections(),
    check: async () => ({ isCurrent: await isSchemaCurrent(database) }),
    close: () => database.close(),
  }
}

/**
 * Brings the schema up to date, and makes the database if there is none.
 *
 * @returns The names of the steps that were applied, in order.
 * @throws {StartupError} as `openSqlStores` does.
 */
export async function migrateSql(options: SqlOptions): Promise<readonly string[]> {
  const database = await openDatabase(options, { mayCreate: true })
  const applied = await beforeServing(database, () => migrateAndLog(database, options.log))
  await database.close()
  return applied
}

async function migrateAndLog(database: SqlDatabase, log: Logger): Promise<readonly string[]> {
  const applied = await migrateToLatest(database)
  if (applied.length > 0) log.info({ steps: applied }, 'database schema brought up to date')
  return applied
}

async function requireCurrent(database: SqlDatabase): Promise<void> {
  const pending = await pendingMigrations(database)
  if (pending.length === 0) return
  const names = pending.map(({ name }) => name).join(', ')
  throw new StartupError([
    `The database is not up to date (${names} to do). Run \`countersign migrate\` first.`,
  ])
}
