import type { Settings } from '../features/deps.ts'
import { parseTrustProxy } from '../throttle/trust-proxy.ts'
import { isProduction } from './check-options.ts'
import type { AuthOptions } from './options.ts'

/** How long a repeat of a refresh without a key still counts as a retry. */
const replayWindowSeconds = 60

/** How long others may cache the key set. Longer makes a rotation slower, not safer. */
const jwksCacheSeconds = 300

/** Where everything is kept, unless somebody chooses otherwise. */
export const defaultDatabase = 'sqlite:./data/countersign.db'

/** Fills in defaults. The options have passed `checkOptions`. */
export function toSettings(options: AuthOptions): Settings {
  const issuer = options.issuer ?? 'http://localhost:4000'
  return Object.freeze({
    issuer,
    audience: options.audience ?? issuer,
    basePath: options.basePath ?? '/api/auth',
    https: issuer.startsWith('https:'),
    accessTokenSeconds: options.accessTokenSeconds ?? 900,
    idleSeconds: options.refreshTokenSeconds ?? 604_800,
    absoluteSeconds: options.sessionMaxSeconds ?? 7_776_000,
    replayWindowSeconds,
    onReuse: options.onRefreshReuse ?? 'session',
    maxSessionsPerUser: options.maxSessionsPerUser ?? 100,
    onContextChange: options.onContextChange ?? 'record',
    emailVerification: options.emailVerification ?? 'optional',
    sendsMail:
      options.smtpUrl !== undefined || options.ports?.mail !== undefined || !isProduction(options),
    passwordMinLength: options.passwordMinLength ?? 8,
    siteName: options.siteName ?? new URL(issuer).hostname,
    trustedOrigins: new Set([issuer, ...(options.trustedOrigins ?? [])]),
    proxyTrust: parseTrustProxy(options.trustProxy ?? 'none'),
    jwksCacheSeconds,
    statusList: options.statusList === 'on',
    securityEvents: options.securityEvents === 'on',
    metricsToken: options.metricsToken ?? null,
    docs: (options.docs ?? (isProduction(options) ? 'off' : 'on')) === 'on',
  })
}
