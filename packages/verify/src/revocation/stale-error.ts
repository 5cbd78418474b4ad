/**
 * Whether a token has been revoked cannot be told now. Says nothing about the token: answer 503
 * and let the caller try again, never 401.
 */
export class RevocationStaleError extends Error {
  override readonly name = 'RevocationStaleError'
  readonly code = 'REVOCATION_STATE_STALE'
  readonly status = 503
  /** When to try again, in whole seconds. */
  readonly retryAfterSeconds = 1

  constructor(options?: ErrorOptions) {
    super('Whether the access token has been revoked cannot be told now.', options)
  }
}
