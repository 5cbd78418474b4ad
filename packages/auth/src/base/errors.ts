/** One problem with one member of a request. `path` is dotted, as in `user.email`. */
export interface FieldError {
  readonly path: string
  readonly code: string
  readonly message: string
}

/** Codes a caller can receive. Stable: clients branch on them. */
export type ErrorCode =
  | 'VALIDATION_FAILED'
  | 'INVALID_CREDENTIALS'
  | 'REFRESH_TOKEN_MISSING'
  | 'REFRESH_TOKEN_INVALID'
  | 'REFRESH_TOKEN_EXPIRED'
  | 'REFRESH_TOKEN_REUSED'
  | 'SESSION_REVOKED'
  | 'TOKEN_MISSING'
  | 'TOKEN_INVALID'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_REVOKED'
  | 'ACCOUNT_BLOCKED'
  | 'FORBIDDEN'
  | 'ORIGIN_REFUSED'
  | 'PASSWORD_WRONG'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'EMAIL_TAKEN'
  | 'USERNAME_TAKEN'
  | 'REFRESH_SUPERSEDED'
  | 'ROTATION_PENDING'
  | 'ROTATION_UNSUPPORTED'
  | 'LAST_ADMIN'
  | 'BODY_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'PASSWORD_REJECTED'
  | 'ROLE_UNKNOWN'
  | 'RATE_LIMITED'
  | 'INTERNAL_ERROR'
  | 'CLIENT_INVALID'
  | 'SCOPE_MISSING'
  | 'SCOPE_INVALID'
  | 'GRANT_UNSUPPORTED'
  | 'CURSOR_GONE'
  | 'STREAM_EXISTS'
  | 'REVOCATION_STATE_STALE'
  | 'ONE_TIME_TOKEN_INVALID'
  | 'EMAIL_NOT_VERIFIED'
  | 'UNAVAILABLE'

interface ErrorSpec {
  readonly status: number
  readonly title: string
  /** The code that callers get, where it is not the name of the row. */
  readonly publicCode?: string
}

/**
 * One row per code: the HTTP status and the public title, which is fixed: it never varies
 * with the request.
 */
export const errorSpecs: Readonly<Record<ErrorCode, ErrorSpec>> = {
  VALIDATION_FAILED: { status: 400, title: 'The request is not valid.' },
  INVALID_CREDENTIALS: { status: 401, title: 'The credentials are wrong.' },
  REFRESH_TOKEN_MISSING: { status: 401, title: 'There is no refresh token in the request.' },
  REFRESH_TOKEN_INVALID: { status: 401, title: 'The refresh token is not valid.' },
  REFRESH_TOKEN_EXPIRED: { status: 401, title: 'The session has expired. Sign in again.' },
  REFRESH_TOKEN_REUSED: {
    status: 401,
    title: 'The refresh token was used before. The session has ended.',
  },
  SESSION_REVOKED: { status: 401, title: 'The session has ended. Sign in again.' },
  TOKEN_MISSING: { status: 401, title: 'There is no access token in the request.' },
  TOKEN_INVALID: { status: 401, title: 'The access token is not valid.' },
  TOKEN_EXPIRED: { status: 401, title: 'The access token has expired.' },
  TOKEN_REVOKED: { status: 401, title: 'The access token has been revoked.' },
  ONE_TIME_TOKEN_INVALID: {
    status: 400,
    title: 'This link is not valid, was used before or has expired.',
    publicCode: 'TOKEN_INVALID',
  },
  EMAIL_NOT_VERIFIED: { status: 403, title: 'The e-mail address is not confirmed yet.' },
  ACCOUNT_BLOCKED: { status: 403, title: 'This account is blocked.' },
  FORBIDDEN: { status: 403, title: 'You are not allowed to do this.' },
  ORIGIN_REFUSED: { status: 403, title: 'Requests from this origin are refused.' },
  PASSWORD_WRONG: { status: 403, title: 'The current password is wrong.' },
  NOT_FOUND: { status: 404, title: 'There is nothing here.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not allowed here.' },
  EMAIL_TAKEN: { status: 409, title: 'This e-mail address is already registered.' },
  USERNAME_TAKEN: { status: 409, title: 'This username is already taken.' },
  REFRESH_SUPERSEDED: {
    status: 409,
    title: 'A newer refresh token was already issued. Use that one.',
  },
  ROTATION_PENDING: { status: 409, title: 'A key rotation is already under way.' },
  ROTATION_UNSUPPORTED: {
    status: 409,
    title: 'The key is a shared secret from the configuration. It is changed there.',
  },
  LAST_ADMIN: { status: 409, title: 'This is the last active administrator.' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body must be application/json.' },
  PASSWORD_REJECTED: { status: 422, title: 'This password cannot be used.' },
  ROLE_UNKNOWN: { status: 422, title: 'There is no such role.' },
  RATE_LIMITED: { status: 429, title: 'Too many attempts. Try again later.' },
  INTERNAL_ERROR: { status: 500, title: 'Something went wrong.' },
  CLIENT_INVALID: {
    status: 401,
    title: 'The service client is not known, or did not prove itself.',
  },
  SCOPE_MISSING: { status: 403, title: 'The service client lacks the scope for this.' },
  SCOPE_INVALID: { status: 400, title: 'The service client may not have this scope.' },
  GRANT_UNSUPPORTED: { status: 400, title: 'This grant is not supported.' },
  STREAM_EXISTS: { status: 409, title: 'This service client has an event stream already.' },
  CURSOR_GONE: { status: 410, title: 'The cursor leads nowhere. Read the snapshot.' },
  REVOCATION_STATE_STALE: {
    status: 503,
    title: 'Whether the access token has been revoked cannot be told now.',
  },
  UNAVAILABLE: { status: 503, title: 'The service cannot answer now. Try again later.' },
}

/** What an {@link AuthError} may carry besides its code. */
export interface AuthErrorOptions extends ErrorOptions {
  /** What really happened. For the log only: never sent to a caller, never holds a secret. */
  readonly detail?: string
  /** Which members of the request are wrong. Public. */
  readonly errors?: readonly FieldError[]
  /** Why, as a stable word. Public: given only where whoever asks may know. */
  readonly reason?: string
  /** When to try again, in whole seconds. Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number
  /** More answer headers, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * The only error this package throws on purpose while it serves.
 *
 * `message` is the fixed title of the code and safe to show. `detail` goes to the
 * log and is never sent to a caller.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly errors: readonly FieldError[] | undefined
  readonly reason: string | undefined
  readonly retryAfterSeconds: number | undefined
  readonly headers: Readonly<Record<string, string>> | undefined

  constructor(code: ErrorCode, options: AuthErrorOptions = {}) {
    super(errorSpecs[code].title, options)
    this.code = code
    this.status = errorSpecs[code].status
    this.detail = options.detail
    this.errors = options.errors
    this.reason = options.reason
    this.retryAfterSeconds = options.retryAfterSeconds
    this.headers = options.headers
  }
}
