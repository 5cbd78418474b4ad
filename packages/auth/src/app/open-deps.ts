import { availableParallelism } from 'node:os'
import { createVerifier } from '@countersign/verify'
import { createHashingGate, hashingConcurrency } from '../crypto/hashing-gate.ts'
import { openInstallationSecrets } from '../crypto/installation-secrets.ts'
import { createPasswordHasher, type PasswordHasher } from '../crypto/password-hasher.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { Deps, Settings } from '../features/deps.ts'
import { type KeyRing, openKeyRing } from '../keys/key-ring.ts'
import { openSharedSecretRing } from '../keys/shared-secret-ring.ts'
import { type KeySchedule, keyScheduleDefaults } from '../keys/stages.ts'
import { Mailer } from '../mail/mailer.ts'
import type { Stores } from '../model/stores.ts'
import { AuthorityMetrics } from '../observability/authority-metrics.ts'
import { ReadinessWatch } from '../observability/readiness.ts'
import { tracedHasher, tracedStores } from '../observability/traced-deps.ts'
import { type BreachedRange, haveIBeenPwned } from '../ports/breached-passwords.ts'
import { type Clock, systemClock } from '../ports/clock.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import { loggedMail, type SendMail } from '../ports/mail.ts'
import { stayingPause, systemPause } from '../ports/pause.ts'
import { systemPost } from '../ports/post.ts'
import { type Random, systemRandom } from '../ports/random.ts'
import { smtpMail } from '../ports/smtp.ts'
import { openFeedId } from '../revocation/feed-id.ts'
import { RevocationHub } from '../revocation/hub.ts'
import type { ReceiptDeps } from '../revocation/receipt.ts'
import { StatusLists } from '../revocation/status-lists.ts'
import { SignalPump } from '../signals/signal-pump.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { createThrottle, type Throttle } from '../throttle/throttle.ts'
import { checkOptions } from './check-options.ts'
import { openMailTemplates } from './mail-templates.ts'
import { openSecrets } from './open-secrets.ts'
import type { AuthOptions } from './options.ts'
import { defaultDatabase, toSettings } from './settings.ts'
import { version } from './version.ts'

interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly mail?: SendMail
}

/**
 * Opens everything an authority works with. What was opened is closed again if a later part
 * cannot be.
 *
 * @param problems What whoever read the options found wrong already.
 * @throws {StartupError} With every problem of the options, or the first of the database.
 */
export async function openDeps(
  options: AuthOptions,
  problems: readonly string[] = [],
): Promise<Deps> {
  checkOptions(options, problems)
  const settings = toSettings(options)
  const database = options.database ?? defaultDatabase
  const ports: Ports = {
    clock: options.ports?.clock ?? systemClock,
    random: options.ports?.random ?? systemRandom,
    log: options.ports?.log ?? silentLogger,
    ...(options.ports?.mail && { mail: options.ports.mail }),
  }
  const stores = await openSqlStores({
    url: database,
    log: ports.log,
    ...(options.databasePoolSize && { poolSize: options.databasePoolSize }),
  })
  try {
    const secrets = await openSecrets({ ...ports, stores }, { ...options, database })
    return await assemble({ ...ports, stores, secrets, settings }, options)
  } catch (error) {
    await stores.close()
    throw error
  }
}

type Foundation = Ports & {
  readonly stores: Stores
  readonly secrets: ApplicationSecrets
  readonly settings: Settings
}

async function assemble(foundation: Foundation, options: AuthOptions): Promise<Deps> {
  const { clock, settings } = foundation
  const hasher = await openHasher(foundation)
  const keys = await openKeys(foundation, options)
  const hub = await openHub(foundation)
  const { issuer, audience } = settings
  const own = { issuer, audience, keys, clock }
  const stores = tracedStores(foundation.stores)
  return Object.freeze({
    ...foundation,
    // Of requests. What goes on in the background is in no trace.
    stores,
    keys,
    hasher: tracedHasher(hasher),
    verifier: createVerifier(own),
    appVerifier: createVerifier({ ...own, revocation: hub.local }),
    throttle: openThrottle(foundation, options),
    hub,
    readiness: new ReadinessWatch(foundation.log),
    metrics:
      settings.metricsToken === null
        ? null
        : new AuthorityMetrics({ ...foundation, version, keys, hasher, hub }),
    receipts: receiptDeps(foundation),
    signals: settings.securityEvents ? openSignals(foundation, keys) : null,
    mailer: openMailer(foundation, options),
    breachedRange: breachedRangeOf(options),
    statusLists: settings.statusList ? new StatusLists({ ...foundation, keys }) : null,
  })
}

/** Where processes share a store they count together. */
function openThrottle({ clock, log, stores }: Foundation, { rateLimits }: AuthOptions): Throttle {
  const shared = stores.isShared ? { counters: stores.counters } : {}
  return createThrottle({ clock, log, ...shared }, { enabled: rateLimits !== 'off' })
}

/** Whom new passwords are compared with, if anybody. */
export function breachedRangeOf({ breachedPasswords, ports }: AuthOptions): BreachedRange | null {
  if (breachedPasswords !== 'refused') return null
  return ports?.breachedRange ?? haveIBeenPwned
}

function openMailer(foundation: Foundation, options: AuthOptions): Mailer | null {
  const { mail, log, settings } = foundation
  const templates = openMailTemplates(options.mailTemplates)
  if (!settings.sendsMail) return null
  const { smtpUrl: url, mailFrom: from = '' } = options
  const send = mail ?? (url === undefined ? loggedMail(log) : smtpMail({ url, from }))
  return new Mailer({ ...foundation, send, templates })
}

function openSignals(foundation: Foundation, keys: KeyRing): SignalPump {
  const { monotonicMs } = systemClock
  return new SignalPump({ ...foundation, keys, post: systemPost, monotonicMs })
}

/** What waiting for verifiers works with. */
export function receiptDeps({ clock, stores }: Pick<Foundation, 'clock' | 'stores'>): ReceiptDeps {
  const { monotonicMs } = systemClock
  return { revocations: stores.revocations, clock, monotonicMs, pause: stayingPause }
}

async function openHub(foundation: Foundation): Promise<RevocationHub> {
  const { revocations } = foundation.stores
  const feedId = await openFeedId({ ...foundation, ...foundation.stores })
  // Not of the clock that is passed in: ages are measured, whatever the date is said to be.
  const { monotonicMs } = systemClock
  return new RevocationHub({ ...foundation, revocations, feedId, monotonicMs })
}

/**
 * Opens what passwords are hashed with.
 *
 * @throws {StartupError} The application secret does not belong to the database.
 */
export async function openHasher(
  deps: Pick<Foundation, 'clock' | 'random' | 'stores' | 'secrets'>,
): Promise<PasswordHasher> {
  const { random, stores, secrets } = deps
  const { pepper } = await openInstallationSecrets({ ...stores, secrets, random })
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
  const concurrency = hashingConcurrency({ cores: availableParallelism(), threads })
  return createPasswordHasher(
    { gate: createHashingGate({ ...deps, pause: systemPause }, { concurrency }), random },
    { pepper },
  )
}

// The most `accessTokenSeconds` may be, not what it is: a retired key stays published for
// tokens of before the option was made shorter, too.
const longestAccessTokenSeconds = 3600

function openKeys(foundation: Foundation, options: AuthOptions): Promise<KeyRing> | KeyRing {
  const { signingAlgorithm: algorithm = 'ES256', accessTokenSecret } = options
  if (algorithm === 'HS256') return openSharedSecretRing(accessTokenSecret ?? '')
  const schedule = keySchedule(foundation.settings)
  return openKeyRing({ ...foundation, ...foundation.stores }, { algorithm, schedule })
}

/** How the lives of this authority's signing keys are staged. */
export function keySchedule({ jwksCacheSeconds }: Pick<Settings, 'jwksCacheSeconds'>): KeySchedule {
  return { ...keyScheduleDefaults, jwksCacheSeconds, accessTokenSeconds: longestAccessTokenSeconds }
}
