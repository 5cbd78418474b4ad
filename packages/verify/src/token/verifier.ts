import type { AccessToken } from './access-token.ts'

/** Checks access tokens of one issuer for one audience. Made by `createVerifier`. */
export interface Verifier {
  /**
   * Checks a token in full: form, signature, every registered claim, expiry.
   *
   * Without a revocation feed a token is good until it expires.
   *
   * @returns Its claims, frozen.
   * @throws {TokenError} `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`.
   * @throws {KeysUnavailableError} The issuer's keys cannot be had now: answer 503, not 401.
   */
  verify(token: string): Promise<AccessToken>

  /**
   * The same without a promise, when the needed key is already in memory; a promise
   * only when the key set must be fetched first. For hot paths.
   */
  verifyNow(token: string): AccessToken | Promise<AccessToken>
}
