/** Why a request has no usable access token. Stable: clients branch on it. */
export type TokenErrorCode = 'TOKEN_MISSING' | 'TOKEN_INVALID' | 'TOKEN_EXPIRED' | 'TOKEN_REVOKED'

const messages: Record<TokenErrorCode, string> = {
  TOKEN_MISSING: 'There is no access token in the request.',
  TOKEN_INVALID: 'The access token is not valid.',
  TOKEN_EXPIRED: 'The access token has expired.',
  TOKEN_REVOKED: 'The access token has been revoked.',
}

/**
 * A token was refused.
 *
 * `message` is fixed per code and safe to show. `detail` says which check failed; it is
 * for logs, never for the caller, and never holds a part of the token.
 *
 * `TOKEN_EXPIRED` is only given for a token whose signature and every other claim is
 * right: it tells a client to refresh silently.
 */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly code: TokenErrorCode
  readonly status = 401
  readonly detail: string

  constructor(code: TokenErrorCode, detail: string, options?: ErrorOptions) {
    super(messages[code], options)
    this.code = code
    this.detail = detail
  }
}
