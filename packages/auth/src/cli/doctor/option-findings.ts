import { memoryDatabase } from '../../app/open-secrets.ts'
import { isLoopback } from '../../app/origins.ts'
import type { Settings } from '../../features/deps.ts'
import type { Configuration } from './configuration.ts'
import { errorAbout, type Finding, warningAbout } from './report.ts'

type Sound = Configuration & { readonly settings: Settings }

// NIST SP 800-63B-4 §3.1.1.2: 15 where the password is the only factor.
const recommendedPasswordLength = 15

/** What in a configuration keeps the server from starting, or is allowed and rarely meant. */
export function optionFindings(configuration: Configuration): Finding[] {
  const { settings, problems } = configuration
  if (!settings) return problems.map((problem) => errorAbout(variableIn(problem), problem))
  return rules.flatMap((rule) => rule({ ...configuration, settings }))
}

const rules: readonly ((configuration: Sound) => Finding[])[] = [
  memory,
  httpIssuer,
  issuerPort,
  crossSiteCookies,
  untrustedProxy,
  openToOthersThanTheProxy,
  shortPasswords,
  limitsOff,
  sharedSecret,
  unfinishedSecretChange,
]

function variableIn(problem: string): string {
  return /^[A-Z][A-Z_]+/.exec(problem)?.[0] ?? 'options'
}

function memory({ options }: Sound): Finding[] {
  if (options.database !== memoryDatabase) return []
  return [
    warningAbout('DATABASE_URL', 'DATABASE_URL is in memory: all is gone when the server stops.'),
  ]
}

function httpIssuer({ options, settings, server }: Sound): Finding[] {
  if (settings.https || (!options.production && !server.tls)) return []
  const message = `ISSUER is ${settings.issuer}: cookies are not Secure, and no other machine reaches it. Set it to the https origin that users see.`
  return [warningAbout('ISSUER', message)]
}

function issuerPort({ settings, server }: Sound): Finding[] {
  const { hostname, port } = new URL(settings.issuer)
  const says = Number(port || (settings.https ? 443 : 80))
  const hasProxy = !isLoopback(hostname) || (settings.https && !server.tls)
  if (hasProxy || server.port === 0 || says === server.port) return []
  const message = `ISSUER says port ${says} and the server listens on ${server.port}. Set ISSUER, or leave it out.`
  return [warningAbout('ISSUER', message)]
}

function crossSiteCookies({ settings }: Sound): Finding[] {
  const { issuer, trustedOrigins } = settings
  return [...trustedOrigins]
    .filter((origin) => siteOf(origin) !== siteOf(issuer))
    .map((origin) =>
      warningAbout(
        'TRUSTED_ORIGINS',
        `${origin} is another site than ${issuer}: browsers send no refresh cookie with calls from there. Serve both below one domain, or use body transport.`,
      ),
    )
}

// The last two labels: without the list of public suffixes two sites below one such suffix
// seem the same, and no warning is given. Ports make no other site.
function siteOf(origin: string): string {
  const { protocol, hostname } = new URL(origin)
  const isName = /[a-z]$/.test(hostname)
  return `${protocol}//${isName ? hostname.split('.').slice(-2).join('.') : hostname}`
}

function untrustedProxy({ options, settings, server }: Sound): Finding[] {
  const isPublic = [...settings.trustedOrigins].some(
    (origin) => !isLoopback(new URL(origin).hostname),
  )
  if (!isPublic || server.tls || (options.trustProxy ?? 'none') !== 'none') return []
  const message =
    'TRUST_PROXY is none, and without a certificate of its own this server has a proxy in front: all clients share its address, and the limits count them as one. Set TRUST_PROXY to the number of proxies or their addresses.'
  return [warningAbout('TRUST_PROXY', message)]
}

function openToOthersThanTheProxy({ options, server }: Sound): Finding[] {
  const { trustProxy = 'none' } = options
  const isCount = /^\d+$/.test(trustProxy.trim())
  if (!isCount || isLoopback(server.host === '::1' ? '[::1]' : server.host)) return []
  const message = `TRUST_PROXY=${trustProxy} believes whoever connects, and HOST=${server.host} lets others than the proxy connect. Name the addresses of the proxies, or see to it that nobody gets past them.`
  return [warningAbout('TRUST_PROXY', message)]
}

function shortPasswords({ settings }: Sound): Finding[] {
  if (settings.passwordMinLength >= recommendedPasswordLength) return []
  const message = `PASSWORD_MIN_LENGTH is ${settings.passwordMinLength}: where no second factor is asked for, ${recommendedPasswordLength} is recommended.`
  return [warningAbout('PASSWORD_MIN_LENGTH', message)]
}

function limitsOff({ options }: Sound): Finding[] {
  if (options.rateLimits !== 'off') return []
  return [warningAbout('RATE_LIMITS', 'RATE_LIMITS is off: passwords can be guessed without end.')]
}

function sharedSecret({ options }: Sound): Finding[] {
  if (options.signingAlgorithm !== 'HS256') return []
  const message = 'SIGNING_ALG is HS256: the service that verifies tokens can also make them.'
  return [warningAbout('SIGNING_ALG', message)]
}

function unfinishedSecretChange({ options }: Sound): Finding[] {
  if (options.previousSecret === undefined) return []
  const message =
    'COUNTERSIGN_SECRET_PREVIOUS is still accepted. Remove it when the sessions of before the change are over.'
  return [warningAbout('COUNTERSIGN_SECRET_PREVIOUS', message)]
}
