import { isSender, isSmtpUrl } from './mail-options.ts'
import { duration, integer, listOf, type OptionKind, oneOf, textThat } from './option-kinds.ts'
import type { AuthOptions } from './options.ts'
import { isOrigin } from './origins.ts'

/** One option: its name in code, its environment variable, what it may be. */
export interface OptionRow {
  readonly option: Exclude<keyof AuthOptions, 'ports' | 'production'>
  readonly variable: string
  readonly kind: OptionKind
  /** As an operator would write it; what is derived is described. */
  readonly standard: string
  readonly meaning: string
  /** The value is never shown. */
  readonly isSecret?: true
}

/** Every option an operator has, once: for code, environment, `doctor` and documentation. */
export const optionList: readonly OptionRow[] = [
  {
    option: 'issuer',
    variable: 'ISSUER',
    kind: textThat('an https origin without a path (http only on loopback)', isOrigin),
    standard: 'http://localhost:PORT',
    meaning: 'iss of access tokens, and where this authority is reached',
  },
  {
    option: 'audience',
    variable: 'AUDIENCE',
    kind: textThat('1 to 256 characters', (value) => value.length >= 1 && value.length <= 256),
    standard: 'the issuer',
    meaning: 'aud of access tokens',
  },
  {
    option: 'basePath',
    variable: 'BASE_PATH',
    kind: textThat('a path such as /api/auth, without a slash at the end', (value) =>
      /^(?:\/[a-z0-9_-]+){1,8}$/i.test(value),
    ),
    standard: '/api/auth',
    meaning: 'where the endpoints are mounted',
  },
  {
    option: 'database',
    variable: 'DATABASE_URL',
    // No space around the path: it also names the secret file, and one of the two would lose it.
    kind: textThat('sqlite:<path>, sqlite::memory: or postgres://…', (value) =>
      /^(?:sqlite:\S(?:.*\S)?$|postgres(?:ql)?:\/\/)/.test(value),
    ),
    standard: 'sqlite:./data/countersign.db',
    meaning: 'where everything is kept',
    // The URL of a server holds a password.
    isSecret: true,
  },
  {
    option: 'databasePoolSize',
    variable: 'DATABASE_POOL_SIZE',
    kind: integer(2, 500),
    standard: '10',
    meaning: 'connections to PostgreSQL that a process may have',
  },
  {
    option: 'secret',
    variable: 'COUNTERSIGN_SECRET',
    kind: textThat('32 random bytes or more, as base64url or hex', () => true),
    standard: 'made on first start, beside the SQLite file; required with PostgreSQL',
    meaning: 'every other secret is derived from it',
    isSecret: true,
  },
  {
    option: 'previousSecret',
    variable: 'COUNTERSIGN_SECRET_PREVIOUS',
    kind: textThat('32 random bytes or more, as base64url or hex', () => true),
    standard: 'none',
    meaning: 'the secret before this one, while it is being changed',
    isSecret: true,
  },
  {
    option: 'signingAlgorithm',
    variable: 'SIGNING_ALG',
    kind: oneOf('ES256', 'EdDSA', 'RS256', 'PS256', 'HS256'),
    standard: 'ES256',
    meaning: 'how access tokens are signed; HS256 for a single service only',
  },
  {
    option: 'accessTokenSecret',
    variable: 'ACCESS_TOKEN_SECRET',
    kind: textThat('32 random bytes or more', () => true),
    standard: 'none',
    meaning: 'only with HS256: the secret shared with the one service that verifies',
    isSecret: true,
  },
  {
    option: 'accessTokenSeconds',
    variable: 'ACCESS_TOKEN_EXPIRY',
    kind: duration('1m', '60m'),
    standard: '15m',
    meaning: 'lifetime of an access token',
  },
  {
    option: 'refreshTokenSeconds',
    variable: 'REFRESH_TOKEN_EXPIRY',
    kind: duration('5m', '90d'),
    standard: '7d',
    meaning: 'a session unused this long ends',
  },
  {
    option: 'sessionMaxSeconds',
    variable: 'SESSION_MAX_AGE',
    kind: duration('5m', '365d'),
    standard: '90d',
    meaning: 'a session ends this long after sign-in, however often it is used',
  },
  {
    option: 'maxSessionsPerUser',
    variable: 'MAX_SESSIONS_PER_USER',
    kind: integer(1, 1000),
    standard: '100',
    meaning: 'live sessions of one user; beyond, the least recently used ends',
  },
  {
    option: 'trustedOrigins',
    variable: 'TRUSTED_ORIGINS',
    kind: listOf('origins such as https://app.example.com', isOrigin),
    standard: 'the issuer',
    meaning: 'browser origins that may call with credentials',
  },
  {
    option: 'trustProxy',
    variable: 'TRUST_PROXY',
    kind: textThat('none, a number of proxies, or addresses and networks', () => true),
    standard: 'none',
    meaning: 'which proxies may say where a request comes from',
  },
  {
    option: 'passwordMinLength',
    variable: 'PASSWORD_MIN_LENGTH',
    kind: integer(8, 64),
    standard: '8',
    meaning: 'characters a new password needs; 15 is recommended',
  },
  {
    option: 'breachedPasswords',
    variable: 'BREACHED_PASSWORDS',
    kind: oneOf('unchecked', 'refused'),
    standard: 'unchecked',
    meaning:
      'refuse new passwords that Have I Been Pwned knows; it gets five characters of a hash, and is not waited for',
  },
  {
    option: 'onRefreshReuse',
    variable: 'ON_REFRESH_REUSE',
    kind: oneOf('session', 'user'),
    standard: 'session',
    meaning: 'what a detected theft of a refresh token ends',
  },
  {
    option: 'onContextChange',
    variable: 'ON_CONTEXT_CHANGE',
    kind: oneOf('record', 'mail', 'end'),
    standard: 'record',
    meaning: 'what happens to a session that is used from another network or by another agent',
  },
  {
    option: 'emailVerification',
    variable: 'EMAIL_VERIFICATION',
    kind: oneOf('off', 'optional', 'required'),
    standard: 'optional',
    meaning: 'whether an address must be confirmed; required: before signing in',
  },
  {
    option: 'smtpUrl',
    variable: 'SMTP_URL',
    kind: textThat('smtp://user:password@host:587 or smtps://user:password@host:465', isSmtpUrl),
    standard: 'none: mail goes to the log, in production nowhere',
    meaning: 'where mail is handed in',
    isSecret: true,
  },
  {
    option: 'mailFrom',
    variable: 'MAIL_FROM',
    kind: textThat(
      'an address, or a name and an address such as Shop <no-reply@example.com>',
      isSender,
    ),
    standard: 'none; needed with SMTP_URL',
    meaning: 'the sender of mail',
  },
  {
    option: 'mailTemplates',
    variable: 'MAIL_TEMPLATES',
    kind: {
      accepts: 'a folder',
      isValid: (value) =>
        (typeof value === 'string' && value !== '') ||
        (typeof value === 'object' && value !== null),
      fromText: (text) => text,
    },
    standard: 'none: built in, in English',
    meaning: 'a folder of mail templates',
  },
  {
    option: 'rateLimits',
    variable: 'RATE_LIMITS',
    kind: oneOf('on', 'off'),
    standard: 'on',
    meaning: 'limits on sign-in, registration and refresh; off is for load tests',
  },
  {
    option: 'siteName',
    variable: 'SITE_NAME',
    kind: textThat('1 to 64 characters', (value) => value.length >= 1 && value.length <= 64),
    standard: 'host of the issuer',
    meaning: 'a word passwords must not consist of',
  },
  {
    option: 'docs',
    variable: 'DOCS',
    kind: oneOf('on', 'off'),
    standard: 'on; in production off',
    meaning: 'serve the OpenAPI document and its page',
  },
  {
    option: 'statusList',
    variable: 'STATUS_LIST',
    kind: oneOf('on', 'off'),
    standard: 'off',
    meaning: 'publish Token Status Lists, for services in other languages',
  },
  {
    option: 'securityEvents',
    variable: 'SECURITY_EVENTS',
    kind: oneOf('on', 'off'),
    standard: 'off',
    meaning: 'serve receivers of security events (OpenID Shared Signals)',
  },
  {
    option: 'metricsToken',
    variable: 'METRICS_TOKEN',
    kind: textThat('16 to 256 letters, digits and -._~+/=', (value) =>
      /^[\w.~+/=-]{16,256}$/.test(value),
    ),
    standard: 'none: there are no metrics',
    meaning: 'serve /metrics to whoever sends this token',
    isSecret: true,
  },
]
