import { StartupError } from '../base/startup-error.ts'
import { parseApplicationSecret } from '../crypto/application-secret.ts'
import { loadOrCreateSecretFile, loadSecretFile } from '../crypto/application-secret-file.ts'
import { isInstalled } from '../crypto/installation-secrets.ts'
import { type ApplicationSecrets, deriveApplicationSecrets } from '../crypto/secrets.ts'
import type { Stores } from '../model/stores.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import type { AuthOptions } from './options.ts'

export const memoryDatabase = 'sqlite::memory:'
const secretBytes = 32
export const missingSecret =
  'PostgreSQL needs COUNTERSIGN_SECRET, the same for every instance. Make one with: openssl rand -hex 32'

type SecretOptions = Pick<AuthOptions, 'secret' | 'previousSecret'> & { readonly database: string }

interface SecretDeps {
  readonly stores: Pick<Stores, 'installation'>
  readonly random: Random
  readonly log: Logger
}

/**
 * Finds the application secret: the operator's, else the one beside the SQLite file, which
 * is made on first start. A database in memory gets one that is gone with it.
 *
 * @throws {StartupError} The database was used before and its secret file is not there: a
 *   new one could not open what the old one sealed.
 */
export async function openSecrets(
  deps: SecretDeps,
  options: SecretOptions,
): Promise<ApplicationSecrets> {
  const current = (await findSecret(deps, options)) ?? (await makeSecret(deps, options.database))
  return deriveApplicationSecrets(current, previousSecret(options))
}

/**
 * As {@link openSecrets}, but makes nothing.
 *
 * @returns `null` when there is no secret yet.
 */
export async function findSecrets(
  deps: Pick<SecretDeps, 'stores' | 'log'>,
  options: SecretOptions,
): Promise<ApplicationSecrets | null> {
  const current = await findSecret(deps, options)
  return current && deriveApplicationSecrets(current, previousSecret(options))
}

async function findSecret(
  deps: Pick<SecretDeps, 'stores' | 'log'>,
  { secret, database }: SecretOptions,
): Promise<Uint8Array | null> {
  if (secret !== undefined)
    return parseApplicationSecret({ name: 'COUNTERSIGN_SECRET', text: secret })
  if (!hasSecretFile(database)) return null
  const path = secretPath(database)
  const found = await loadSecretFile(deps, path)
  if (!found && (await isInstalled(deps.stores.installation))) {
    throw new StartupError([
      `${path} is missing, and this database needs it. Restore the file or set COUNTERSIGN_SECRET.`,
    ])
  }
  return found
}

async function makeSecret(deps: SecretDeps, database: string): Promise<Uint8Array> {
  if (database === memoryDatabase) return deps.random.bytes(secretBytes)
  if (!hasSecretFile(database)) throw new StartupError([missingSecret])
  return await loadOrCreateSecretFile(deps, secretPath(database))
}

function previousSecret({ previousSecret: text }: SecretOptions): Uint8Array | null {
  if (text === undefined) return null
  return parseApplicationSecret({ name: 'COUNTERSIGN_SECRET_PREVIOUS', text })
}

/** Whether a secret is kept beside a database: beside a file, and not beside a server. */
export function hasSecretFile(database: string): boolean {
  return database.startsWith('sqlite:') && database !== memoryDatabase
}

/** `data/countersign.db` keeps its secret in `data/countersign.secret`. */
export function secretPath(database: string): string {
  return `${database.slice('sqlite:'.length).replace(/\.db$/, '')}.secret`
}
