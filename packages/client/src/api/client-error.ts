/**
 * What can go wrong. Codes of the authority come as they are (`INVALID_CREDENTIALS`,
 * `EMAIL_NOT_VERIFIED`, `PASSWORD_REJECTED` …); these are the client's own:
 *
 * - `UNREACHABLE`: no answer, or none of the authority: offline, a captive portal, a proxy
 * - `NOT_SIGNED_IN`: there is no session to call with
 * - `ORIGIN_NOT_LISTED`: a call to an address that may not get the access token
 * - `STORAGE_FAILED`: the storage that was handed over threw
 */
export type ClientOwnCode = 'UNREACHABLE' | 'NOT_SIGNED_IN' | 'ORIGIN_NOT_LISTED' | 'STORAGE_FAILED'

/** A member of a request that is wrong. */
export interface FieldError {
  readonly path: string
  readonly code: string
  readonly message: string
}

/** An error with a code to branch on. `message` may be shown. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: string
  /** Of the answer; 0 without one. */
  readonly status: number
  /** Which members of the request are wrong, and why. */
  readonly errors: readonly FieldError[]
  /** When to try again, in seconds; `null` when the answer does not say. */
  readonly retryAfterSeconds: number | null

  constructor(
    code: string,
    message: string,
    more: ErrorOptions & {
      readonly status?: number
      readonly errors?: readonly FieldError[]
      readonly retryAfterSeconds?: number | null
    } = {},
  ) {
    super(message, more)
    this.code = code
    this.status = more.status ?? 0
    this.errors = more.errors ?? []
    this.retryAfterSeconds = more.retryAfterSeconds ?? null
  }
}

export function unreachable(cause?: unknown): ClientError {
  return new ClientError('UNREACHABLE', 'The service cannot be reached.', { cause })
}
