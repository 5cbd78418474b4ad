import type { TokenErrorCode } from '../token/token-error.ts'

/** Why a request may not pass. Stable: clients branch on it. */
export type GuardErrorCode =
  | TokenErrorCode
  | 'VALIDATION_FAILED'
  | 'FORBIDDEN'
  | 'REVOCATION_STATE_STALE'
  | 'UNAVAILABLE'

// One row per code. `title` is public and fixed: it never varies with the request.
const specs: Record<GuardErrorCode, { status: 400 | 401 | 403 | 503; title: string }> = {
  VALIDATION_FAILED: { status: 400, title: 'The request is not valid.' },
  TOKEN_MISSING: { status: 401, title: 'There is no access token in the request.' },
  TOKEN_INVALID: { status: 401, title: 'The access token is not valid.' },
  TOKEN_EXPIRED: { status: 401, title: 'The access token has expired.' },
  TOKEN_REVOKED: { status: 401, title: 'The access token has been revoked.' },
  FORBIDDEN: { status: 403, title: 'You are not allowed to do this.' },
  REVOCATION_STATE_STALE: {
    status: 503,
    title: 'Whether the access token has been revoked cannot be told now.',
  },
  UNAVAILABLE: { status: 503, title: 'The service cannot answer now. Try again later.' },
}

/** What a {@link GuardError} carries besides its code. */
export interface GuardErrorOptions extends ErrorOptions {
  /** Headers of the answer, such as `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * A request may not pass.
 *
 * `message` is the fixed title of the code and safe to show, and so are `status` and `headers`:
 * neither holds anything from the request. `cause` says which check failed, for logs only.
 */
export class GuardError extends Error {
  override readonly name = 'GuardError'
  readonly code: GuardErrorCode
  readonly status: 400 | 401 | 403 | 503
  /** To be sent with the answer, whoever formats it. */
  readonly headers: Readonly<Record<string, string>>

  constructor(code: GuardErrorCode, { headers = {}, ...options }: GuardErrorOptions = {}) {
    super(specs[code].title, options)
    this.code = code
    this.status = specs[code].status
    this.headers = { 'Cache-Control': 'no-store', ...headers }
  }
}
