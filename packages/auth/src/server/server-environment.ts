import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { isLoopback } from '../app/origins.ts'
import { type LogFormat, type LogLevel, logLevels } from './logger.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where and how the server listens and logs. */
export interface ServerSettings {
  readonly port: number
  readonly host: string
  /** Paths of certificate chain and key in PEM; `null` when a proxy terminates TLS. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
}

/** Every variable that concerns the server alone, with its default as an operator would see it. */
export const serverDefaults = {
  PORT: '4000',
  HOST: '127.0.0.1',
  TLS_CERT_FILE: 'none: a proxy terminates TLS',
  TLS_KEY_FILE: 'none',
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'pretty on a terminal, else json',
} as const

/** Reads what concerns the server alone. `isTerminal`: whether a person is likely to read. */
export function readServerEnvironment(
  environment: Environment,
  { isTerminal }: { isTerminal: boolean },
): { settings: ServerSettings; problems: string[] } {
  const given = (name: string) => environment[name]?.trim() || undefined
  const port = given('PORT') ?? serverDefaults.PORT
  const host = given('HOST') ?? serverDefaults.HOST
  const level = given('LOG_LEVEL') ?? serverDefaults.LOG_LEVEL
  const format = given('LOG_FORMAT') ?? (isTerminal ? 'pretty' : 'json')
  const certFile = given('TLS_CERT_FILE')
  const keyFile = given('TLS_KEY_FILE')

  const problems = [
    ...(isPort(port) ? [] : [`PORT must be a number from 0 to 65535, not "${port}".`]),
    ...(isHost(host) ? [] : [`HOST must be an address or localhost, not "${host}".`]),
    ...(isLogLevel(level) ? [] : [`LOG_LEVEL must be one of ${logLevels.join(', ')}.`]),
    ...(isLogFormat(format) ? [] : ['LOG_FORMAT must be pretty or json.']),
    ...tlsProblems(certFile, keyFile),
    ...schemeProblems(environment, { hasTls: certFile !== undefined }),
    ...exposureProblems(environment, { host, hasTls: certFile !== undefined }),
  ]
  return {
    settings: {
      port: Number(port),
      host,
      tls: certFile && keyFile ? { certFile, keyFile } : null,
      logLevel: isLogLevel(level) ? level : 'info',
      logFormat: isLogFormat(format) ? format : 'json',
    },
    problems,
  }
}

function tlsProblems(certFile: string | undefined, keyFile: string | undefined): string[] {
  if (!certFile && !keyFile) return []
  if (!certFile || !keyFile) return ['TLS_CERT_FILE and TLS_KEY_FILE belong together: set both.']
  return Object.entries({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile })
    .filter(([, path]) => !existsSync(path))
    .map(([name, path]) => `${name}: there is no file ${path}.`)
}

// Cookies would not be Secure, and browsers not told to stay with https.
function schemeProblems(environment: Environment, { hasTls }: { hasTls: boolean }): string[] {
  if (!hasTls || environment['ISSUER']?.trim().startsWith('http:') !== true) return []
  return [
    'With TLS_CERT_FILE this server speaks https, and ISSUER is http. Set ISSUER to the https origin that users see.',
  ]
}

// Other machines would send passwords and tokens over plain http.
function exposureProblems(
  environment: Environment,
  { host, hasTls }: { host: string; hasTls: boolean },
): string[] {
  const isHttps = environment['ISSUER']?.trim().startsWith('https:') === true
  const isExposed = !isLoopback(host === '::1' ? '[::1]' : host)
  if (!isExposed || isHttps || hasTls || environment['NODE_ENV'] !== 'production') return []
  return [
    `HOST=${host} is reached from other machines, and ISSUER is not https. Set ISSUER to the https origin that users see.`,
  ]
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}

function isHost(text: string): boolean {
  return text === 'localhost' || isIP(text) !== 0
}

function isLogLevel(text: string): text is LogLevel {
  return logLevels.some((level) => level === text)
}

function isLogFormat(text: string): text is LogFormat {
  return text === 'pretty' || text === 'json'
}
