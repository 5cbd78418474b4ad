import type { Verifier } from '@countersign/verify'
import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { Stores } from '../model/stores.ts'
import type { AuthorityMetrics } from '../observability/authority-metrics.ts'
import type { ReadinessWatch } from '../observability/readiness.ts'
import type { BreachedRange } from '../ports/breached-passwords.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import type { RevocationHub } from '../revocation/hub.ts'
import type { ReceiptDeps } from '../revocation/receipt.ts'
import type { StatusLists } from '../revocation/status-lists.ts'
import type { SignalPump } from '../signals/signal-pump.ts'
import type { Throttle } from '../throttle/throttle.ts'
import type { TrustProxy } from '../throttle/trust-proxy.ts'

/** Every choice an operator made, checked and complete. Durations are in seconds. */
export interface Settings {
  /** `iss` of access tokens: an origin, without a slash at the end. */
  readonly issuer: string
  readonly audience: string
  readonly basePath: string
  /** The issuer is reached over https: cookies are `Secure` and carry `__Host-`. */
  readonly https: boolean
  readonly accessTokenSeconds: number
  readonly idleSeconds: number
  readonly absoluteSeconds: number
  readonly replayWindowSeconds: number
  readonly onReuse: 'session' | 'user'
  readonly maxSessionsPerUser: number
  /** What happens to a session that is used from another network, or by another agent. */
  readonly onContextChange: 'record' | 'mail' | 'end'
  /** Whether an address must be confirmed: never, when its owner likes, before signing in. */
  readonly emailVerification: 'off' | 'optional' | 'required'
  /** Whether mail can be sent. In development without a server it goes to the log. */
  readonly sendsMail: boolean
  readonly passwordMinLength: number
  /** A word passwords must not hold: the name of the site. */
  readonly siteName: string
  /** Browser origins that may call with credentials, the issuer's included. */
  readonly trustedOrigins: ReadonlySet<string>
  /** Which machines in front may say where a request comes from. */
  readonly proxyTrust: TrustProxy
  /** How long others may cache the key set. */
  readonly jwksCacheSeconds: number
  /** Serve the OpenAPI document and the page that shows it. */
  readonly docs: boolean
  /** Tokens name their place in a Token Status List, and the lists are served. */
  readonly statusList: boolean
  /** Receivers of security events are served. */
  readonly securityEvents: boolean
  /** Who may read the figures; `null`: nobody. */
  readonly metricsToken: string | null
}

/** What features work with. Built once by `createAuth`; each function takes its part. */
export interface Deps {
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly secrets: ApplicationSecrets
  readonly stores: Stores
  readonly hasher: PasswordHasher
  readonly keys: KeyRing
  /** By signature and expiry: whoever asks here looks in the store. */
  readonly verifier: Verifier
  /** With the ledger of revocations: for the app around this authority. */
  readonly appVerifier: Verifier
  readonly throttle: Throttle
  readonly hub: RevocationHub
  readonly receipts: ReceiptDeps
  /** `null` without the option. */
  readonly statusLists: StatusLists | null
  /** `null` without the option. */
  readonly signals: SignalPump | null
  /** `null`: no mail can be sent. */
  readonly mailer: Mailer | null
  /** `null`: new passwords are not compared with published breaches. */
  readonly breachedRange: BreachedRange | null
  readonly readiness: ReadinessWatch
  /** `null` without the option. */
  readonly metrics: AuthorityMetrics | null
}
