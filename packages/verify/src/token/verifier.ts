import type { RevocationPolicy } from '../revocation/policy.ts'
import type { RevocationSource } from '../revocation/revocation-source.ts'
import type { AccessToken } from './access-token.ts'

/** What a token is presented for. It matters only while the copy of the ledger is not fresh. */
export interface TokenUse {
  /** Default `'default'`. */
  readonly policy?: RevocationPolicy
  /** The request only reads (RFC 9110 §9.2.1). Default `false`. */
  readonly isSafe?: boolean
}

/** Checks access tokens of one issuer for one audience. Made by `createVerifier`. */
export interface Verifier {
  /**
   * Checks a token in full: form, signature, every registered claim, expiry, and with
   * `revocation` whether it has been revoked. Without, a token is good until it expires.
   *
   * @returns Its claims, frozen.
   * @throws {TokenError} `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`.
   * @throws {RevocationStaleError} Whether it has been revoked cannot be told now: 503, not 401.
   * @throws {KeysUnavailableError} The issuer's keys cannot be had now: answer 503, not 401.
   */
  verify(token: string, use?: TokenUse): Promise<AccessToken>

  /**
   * The same without a promise, when the needed key is already in memory; a promise only when
   * the key set must be fetched first, or the authority asked. For hot paths.
   */
  verifyNow(token: string, use?: TokenUse): AccessToken | Promise<AccessToken>

  /** Where it learns of revocations; `null`: nowhere, tokens are good until they expire. */
  readonly revocation: RevocationSource | null
}
