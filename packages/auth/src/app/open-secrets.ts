import { existsSync } from 'node:fs'
import { StartupError } from '../base/startup-error.ts'
import { parseApplicationSecret } from '../crypto/application-secret.ts'
import { loadOrCreateSecretFile } from '../crypto/application-secret-file.ts'
import { isInstalled } from '../crypto/installation-secrets.ts'
import { type ApplicationSecrets, deriveApplicationSecrets } from '../crypto/secrets.ts'
import type { Stores } from '../model/stores.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import type { AuthOptions } from './options.ts'

const memoryDatabase = 'sqlite::memory:'
const secretBytes = 32

/**
 * Finds the application secret: the operator's, else the one beside the SQLite file, which
 * is made on first start. A database in memory gets one that is gone with it.
 *
 * @throws {StartupError} The database was used before and its secret file is not there: a
 *   new one could not open what the old one sealed.
 */
export async function openSecrets(
  deps: SecretDeps,
  options: Pick<AuthOptions, 'secret' | 'previousSecret'> & { readonly database: string },
): Promise<ApplicationSecrets> {
  const { secret, previousSecret, database } = options
  const current =
    secret === undefined
      ? await ownSecret(deps, database)
      : parseApplicationSecret({ name: 'COUNTERSIGN_SECRET', text: secret })
  const previous =
    previousSecret === undefined
      ? null
      : parseApplicationSecret({ name: 'COUNTERSIGN_SECRET_PREVIOUS', text: previousSecret })
  return deriveApplicationSecrets(current, previous)
}

interface SecretDeps {
  readonly stores: Pick<Stores, 'installation'>
  readonly random: Random
  readonly log: Logger
}

async function ownSecret(deps: SecretDeps, database: string): Promise<Uint8Array> {
  if (database === memoryDatabase) return deps.random.bytes(secretBytes)
  const path = secretPath(database)
  if (!existsSync(path) && (await isInstalled(deps.stores.installation))) {
    throw new StartupError([
      `${path} is missing, and this database needs it. Restore the file or set COUNTERSIGN_SECRET.`,
    ])
  }
  return loadOrCreateSecretFile(deps, path)
}

/** `data/countersign.db` keeps its secret in `data/countersign.secret`. */
export function secretPath(database: string): string {
  return `${database.slice('sqlite:'.length).replace(/\.db$/, '')}.secret`
}
