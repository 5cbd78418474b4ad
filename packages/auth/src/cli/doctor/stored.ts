import { listSigningKeys } from '../../app/administration.ts'
import { findSecrets, memoryDatabase } from '../../app/open-secrets.ts'
import { StartupError } from '../../base/startup-error.ts'
import { isInstalled, openInstallationSecrets } from '../../crypto/installation-secrets.ts'
import type { ApplicationSecrets } from '../../crypto/secrets.ts'
import { noKeys, readKeys } from '../../keys/held-keys.ts'
import type { KeyStatus } from '../../keys/key-status.ts'
import type { Stores } from '../../model/stores.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Logger, silentLogger } from '../../ports/logger.ts'
import type { Random } from '../../ports/random.ts'
import { inspectSql, type SqlInspection } from '../../stores/sql/inspect-sql.ts'
import type { Configuration } from './configuration.ts'
import { databaseFindings, noAdministrator, noDatabase } from './database-findings.ts'
import { keyFindings, sealedKeyFindings } from './key-findings.ts'
import { type DatabaseState, errorAbout, type Finding, warningAbout } from './report.ts'

interface Ports {
  readonly clock: Clock
  readonly random: Random
}

/** What there is in the database and beside it. */
export interface Stored {
  readonly database: DatabaseState | null
  readonly keys: readonly KeyStatus[]
  readonly findings: readonly Finding[]
}

const nothing: Stored = { database: null, keys: [], findings: [] }

/** Looks at the database, the secret and the keys. Changes and makes nothing. */
export async function examineStored(ports: Ports, configuration: Configuration): Promise<Stored> {
  const { database: url } = configuration.options
  if (url === memoryDatabase) return nothing
  try {
    const inspection = await inspectSql({ url, log: silentLogger })
    if (!inspection) return { ...nothing, findings: [noDatabase(url)] }
    try {
      return await examineOpened(ports, configuration, inspection)
    } finally {
      await inspection.stores.close()
    }
  } catch (error) {
    return { ...nothing, findings: errorsOf('database', error) }
  }
}

async function examineOpened(
  ports: Ports,
  configuration: Configuration,
  inspection: SqlInspection,
): Promise<Stored> {
  const { sizeBytes, journalMode, serverVersion, pendingSteps, stores } = inspection
  const database = { sizeBytes, journalMode, serverVersion, pendingSteps }
  const findings = databaseFindings(configuration.options.database, inspection)
  if (pendingSteps.length > 0) return { database, keys: [], findings }
  const keys = await listKeys(ports, configuration, stores)
  return {
    database,
    keys,
    findings: [
      ...findings,
      ...(await noAdministrator(stores)),
      ...keyFindings({ keys, options: configuration.options, now: ports.clock.now() }),
      ...(await secretFindings(ports, configuration, stores)),
    ],
  }
}

function listKeys({ clock }: Ports, { options, settings }: Configuration, stores: Stores) {
  return settings ? listSigningKeys({ options, settings, clock, stores }) : []
}

async function secretFindings(
  { random }: Ports,
  { options }: Configuration,
  stores: Stores,
): Promise<Finding[]> {
  const warnings: Finding[] = []
  const log: Logger = {
    ...silentLogger,
    warn: (_fields, message) => warnings.push(warningAbout('COUNTERSIGN_SECRET', message)),
  }
  try {
    const secrets = await findSecrets({ stores, log }, options)
    if (!secrets) return warnings
    await requireBelonging({ random, secrets, stores })
    const { stored, pairs } = await readKeys({ ...stores, secrets, log: silentLogger }, noKeys)
    return [...warnings, ...sealedKeyFindings(stored, pairs)]
  } catch (error) {
    return [...warnings, ...errorsOf('COUNTERSIGN_SECRET', error)]
  }
}

// The pepper opens under the secret, or it is the secret of another database.
async function requireBelonging({
  random,
  secrets,
  stores: { installation },
}: {
  readonly random: Random
  readonly secrets: ApplicationSecrets
  readonly stores: Stores
}): Promise<void> {
  if (!(await isInstalled(installation))) return
  const unchanged = { ...installation, replace: () => Promise.resolve(false) }
  await openInstallationSecrets({ installation: unchanged, secrets, random })
}

function errorsOf(about: string, error: unknown): Finding[] {
  if (!(error instanceof StartupError)) throw error
  return error.problems.map((problem) => errorAbout(about, problem))
}
