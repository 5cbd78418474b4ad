import type { SigningAlgorithm } from '../model/signing-key.ts'
import type { BreachedRange } from '../ports/breached-passwords.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { SendMail } from '../ports/mail.ts'
import type { Random } from '../ports/random.ts'
import type { OwnMailTemplates } from './mail-templates.ts'

/**
 * What an operator may choose. Every member has a default that is safe; what is not listed
 * here is refused. Durations are whole seconds.
 */
export interface AuthOptions {
  /**
   * `iss` of access tokens, and where this authority is reached: an origin, without a path
   * and without a slash at the end. https, or http on loopback. Default `http://localhost:4000`.
   */
  issuer?: string
  /** `aud` of access tokens. Default: the issuer. */
  audience?: string
  /** Where the endpoints are mounted. Default `/api/auth`. */
  basePath?: string
  /**
   * `sqlite:<path>`, `sqlite::memory:` or, from version 14 on, PostgreSQL's
   * `postgres://user:password@host:port/database`. Default `sqlite:./data/countersign.db`.
   */
  database?: string
  /**
   * Connections to PostgreSQL that this process may have at once, 2 to 500. Part of them is
   * kept for refresh, revocation and the feed. Default 10.
   */
  databasePoolSize?: number
  /**
   * 32 random bytes or more, as base64url or hex; every other secret is derived from it.
   * Default: made on first start and kept beside the SQLite file, readable by its owner only.
   */
  secret?: string
  /** The secret before this one, while it is being changed. */
  previousSecret?: string
  /** `HS256` is for a single service that shares `accessTokenSecret`. Default `ES256`. */
  signingAlgorithm?: SigningAlgorithm | 'HS256'
  /** Only with `HS256`: 32 random bytes or more, taken as UTF-8. */
  accessTokenSecret?: string
  /** Lifetime of an access token: 60 to 3600. Default `900`. */
  accessTokenSeconds?: number
  /** A session unused this long ends: 300 to 7776000. Default `604800` (7 days). */
  refreshTokenSeconds?: number
  /** A session ends this long after sign-in: 300 to 31536000. Default `7776000` (90 days). */
  sessionMaxSeconds?: number
  /** Live sessions of one user; beyond, the least recently used ends. 1 to 1000. Default `100`. */
  maxSessionsPerUser?: number
  /** Browser origins that may call with credentials, besides the issuer's. Default: none. */
  trustedOrigins?: readonly string[]
  /**
   * Which proxies may say where a request comes from: `none`, how many there are, or their
   * addresses and networks separated by commas. Default `none`: forwarding headers are ignored.
   */
  trustProxy?: string
  /** Characters a new password needs: 8 to 64. Default `8`; NIST recommends 15. */
  passwordMinLength?: number
  /**
   * Compare new passwords with those of published breaches, at Have I Been Pwned: it gets five
   * characters of a hash. `refused`: one that is there cannot be used. Default `unchecked`.
   */
  breachedPasswords?: 'unchecked' | 'refused'
  /** What a detected theft of a refresh token ends. Default `session`. */
  onRefreshReuse?: 'session' | 'user'
  /**
   * What happens to a session that is used from another network or by another agent: it is
   * recorded, its user is told by mail, or it ends. Default `record`: phones do it all day.
   */
  onContextChange?: 'record' | 'mail' | 'end'
  /**
   * Whether an address must be confirmed: `off`, `optional` (a link is mailed), or `required`
   * (nobody signs in before, and nobody can find out whose address is known). Default `optional`.
   */
  emailVerification?: 'off' | 'optional' | 'required'
  /**
   * Where mail is handed in: `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`.
   * Default: none. In development mail is written to the log, in production there is none.
   */
  smtpUrl?: string
  /** The sender: an address, or a name and an address. Needed with `smtpUrl`. */
  mailFrom?: string
  /** Templates of one's own, or a folder of them. See the guide on mail. Default: built in. */
  mailTemplates?: string | OwnMailTemplates
  /** Limits on sign-in, registration and refresh. Off is for load tests only. Default `on`. */
  rateLimits?: 'on' | 'off'
  /** The name of the site, which passwords must not consist of. Default: the issuer's host. */
  siteName?: string
  /** Serve the OpenAPI document and its page. Default: `on`, in production `off`. */
  docs?: 'on' | 'off'
  /**
   * Publish Token Status Lists, and name in each token its place in them: for services in other
   * languages. A statement more per refresh. Default `'off'`.
   */
  statusList?: 'on' | 'off'
  /** Serve receivers of security events (OpenID SSF, CAEP). Default `'off'`. */
  securityEvents?: 'on' | 'off'
  /** Serve `/metrics` to whoever sends this as `Authorization: Bearer …`. Default: to nobody. */
  metricsToken?: string
  /** Refuse what is only for development. Default: whether `NODE_ENV` is `production`. */
  production?: boolean
  /** Replaces a door to the outside: for tests, or to log elsewhere. */
  ports?: {
    readonly clock?: Clock
    readonly random?: Random
    readonly log?: Logger
    readonly mail?: SendMail
    readonly breachedRange?: BreachedRange
  }
}
