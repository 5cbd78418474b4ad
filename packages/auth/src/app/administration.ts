import { AuthError } from '../base/errors.ts'
import { StartupError } from '../base/startup-error.ts'
import { openInstallationSecrets } from '../crypto/installation-secrets.ts'
import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { Settings } from '../features/deps.ts'
import { type KeyStatus, keyStatuses, upcomingStatus } from '../keys/key-status.ts'
import { startRotation } from '../keys/rotation.ts'
import { type MailOrders, writeOrder } from '../mail/orders.ts'
import type { Stores } from '../model/stores.ts'
import type { BreachedRange } from '../ports/breached-passwords.ts'
import { type Clock, systemClock } from '../ports/clock.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import { type Random, systemRandom } from '../ports/random.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { checkOptions } from './check-options.ts'
import { breachedRangeOf, keySchedule, openHasher } from './open-deps.ts'
import { memoryDatabase, openSecrets } from './open-secrets.ts'
import type { AuthOptions } from './options.ts'
import { defaultDatabase, toSettings } from './settings.ts'

/** What acts on an authority from outside, beside a server that may be running. */
export interface Administration {
  readonly options: AuthOptions & { readonly database: string }
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly stores: Stores
}

/**
 * Opens a database that is there and up to date. Makes and migrates nothing, opens no secret
 * and rotates no key: this process may have been told less than the server.
 *
 * @param problems What whoever read the options found wrong already.
 * @param opening.isBulk Whether many rows will be written.
 * @throws {StartupError} With every problem of the options, or the first of the database.
 */
export async function openAdministration(
  given: AuthOptions,
  problems: readonly string[] = [],
  { isBulk = false }: { readonly isBulk?: boolean } = {},
): Promise<Administration> {
  checkOptions(given, problems)
  const options = { ...given, database: given.database ?? defaultDatabase }
  if (options.database === memoryDatabase) {
    throw new StartupError([
      'DATABASE_URL is sqlite::memory:, which no other process can reach. Name the file the server uses.',
    ])
  }
  return {
    options,
    settings: toSettings(options),
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
    stores: await openSqlStores({
      url: options.database,
      log: silentLogger,
      migrate: false,
      poolSize: 2,
      isBulk,
    }),
  }
}

/** What acting on passwords takes. */
export interface Accounts {
  readonly hasher: PasswordHasher
  readonly mailer: MailOrders | null
  readonly breachedRange: BreachedRange | null
}

/**
 * Opens what passwords are hashed with, and what orders mail for a server to send. Of an
 * installation that was never started it makes the secrets.
 *
 * @throws {StartupError} The application secret is missing, or of another database.
 */
export async function openAccounts(administration: Administration): Promise<Accounts> {
  const secrets = await openSecrets(administration, administration.options)
  const hasher = await openHasher({ ...administration, secrets })
  const mailer: MailOrders = {
    order: (kind, about) => writeOrder({ ...administration, secrets }, kind, about),
  }
  const breachedRange = breachedRangeOf(administration.options)
  return { hasher, breachedRange, mailer: administration.settings.sendsMail ? mailer : null }
}

/**
 * The secrets of the installation.
 *
 * @throws {StartupError} The application secret is missing, or of another database.
 */
export async function openOwnSecrets(administration: Administration): Promise<ApplicationSecrets> {
  const { options, stores, random } = administration
  const secrets = await openSecrets(administration, options)
  await openInstallationSecrets({ ...stores, secrets, random })
  return secrets
}

/**
 * The secret that passwords are hashed with, for whoever moves them to other software.
 *
 * @throws {StartupError} The application secret is missing, or of another database.
 */
export async function readPepper(administration: Administration): Promise<Uint8Array> {
  const { options, stores, random } = administration
  const secrets = await openSecrets(administration, options)
  const { pepper } = await openInstallationSecrets({ ...stores, secrets, random })
  return pepper
}

/** The signing keys there are, oldest first. Empty with HS256. */
export async function listSigningKeys({
  options,
  settings,
  clock,
  stores,
}: Pick<Administration, 'options' | 'settings' | 'clock' | 'stores'>): Promise<KeyStatus[]> {
  if (options.signingAlgorithm === 'HS256') return []
  const moment = { now: clock.now(), schedule: keySchedule(settings) }
  return keyStatuses(await stores.signingKeys.list(), moment)
}

/**
 * Starts a staged rotation, which running servers take up at their next reload. The new key
 * has the algorithm of the one before, unless the options name another.
 *
 * @throws {AuthError} `ROTATION_PENDING`, `ROTATION_UNSUPPORTED`; `NOT_FOUND` when there is no
 *   key to follow.
 * @throws {StartupError} The application secret is missing, or of another database.
 */
export async function rotateSigningKey(administration: Administration): Promise<KeyStatus> {
  const { options, settings, stores } = administration
  if (options.signingAlgorithm === 'HS256') throw new AuthError('ROTATION_UNSUPPORTED')
  const keys = await stores.signingKeys.list()
  const newest = keys.at(-1)
  if (!newest) throw new AuthError('NOT_FOUND', { detail: 'there is no signing key yet' })
  // A key sealed under the secret of another database would stop the server when its turn comes.
  const secrets = await openOwnSecrets(administration)
  const key = await startRotation(
    { ...administration, ...stores, secrets },
    {
      keys,
      algorithm: options.signingAlgorithm ?? newest.algorithm,
      schedule: keySchedule(settings),
      by: 'cli',
    },
  )
  return upcomingStatus(key)
}
