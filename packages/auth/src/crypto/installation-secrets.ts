import { StartupError } from '../base/startup-error.ts'
import type { InstallationStore } from '../model/installation.ts'
import type { Random } from '../ports/random.ts'
import { isSealedUnderPrevious, open, SealError, seal } from './seal.ts'
import type { ApplicationSecrets } from './secrets.ts'

/** Secrets that belong to the database: made once, kept sealed, never derived. */
export interface InstallationSecrets {
  /** Keyed into every password hash: 32 bytes. */
  readonly pepper: Uint8Array
}

interface InstallationSecretsDeps {
  readonly installation: InstallationStore
  readonly secrets: ApplicationSecrets
  readonly random: Random
}

const pepperName = 'password-pepper'
const pepperBytes = 32

/**
 * Opens the installation's secrets, and makes them on the first start. Of processes that
 * start at once all get the same.
 *
 * The pepper is random and sealed under the application secret, not derived from it: the
 * application secret can be changed without breaking every password. What was sealed under
 * the previous secret is sealed again under the current one.
 *
 * That it opens shows that the application secret belongs to this database.
 *
 * @throws {StartupError} It does not, or the stored value is damaged.
 */
export async function openInstallationSecrets(
  deps: InstallationSecretsDeps,
): Promise<InstallationSecrets> {
  const sealed = (await deps.installation.get(pepperName)) ?? (await putFreshPepper(deps))
  const pepper = openPepper(deps.secrets, sealed)
  if (isSealedUnderPrevious(deps.secrets, sealed)) {
    // Not happening means that another process did it.
    await deps.installation.replace(pepperName, sealed, sealPepper(deps, pepper))
  }
  return { pepper }
}

/** Whether this database was started before, under whatever application secret. */
export async function isInstalled(installation: InstallationStore): Promise<boolean> {
  return (await installation.get(pepperName)) !== null
}

function putFreshPepper(deps: InstallationSecretsDeps): Promise<string> {
  const fresh = sealPepper(deps, deps.random.bytes(pepperBytes))
  return deps.installation.putIfAbsent(pepperName, fresh)
}

function sealPepper(deps: InstallationSecretsDeps, pepper: Uint8Array): string {
  return seal(deps, { plaintext: pepper, context: pepperName })
}

function openPepper(secrets: ApplicationSecrets, sealed: string): Uint8Array {
  try {
    return open(secrets, { sealed, context: pepperName })
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause
    throw new StartupError([problems[cause.code]], { cause })
  }
}

const problems: Record<SealError['code'], string> = {
  OTHER_SECRET:
    'COUNTERSIGN_SECRET does not belong to this database: it was set up with another secret. ' +
    'Start with that one, or name it as COUNTERSIGN_SECRET_PREVIOUS to change it.',
  DAMAGED: 'The password pepper in the database is damaged: restore the database from a backup.',
}
