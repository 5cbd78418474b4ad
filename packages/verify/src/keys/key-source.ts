import type { KeyObject } from 'node:crypto'

/** The algorithms tokens may be signed with. One key has exactly one. */
export type Algorithm = 'ES256' | 'EdDSA' | 'RS256' | 'PS256' | 'HS256'

/** A key that has passed the key policy, with its one algorithm. */
export interface VerificationKey {
  readonly kid: string | undefined
  readonly algorithm: Algorithm
  /**
   * For PS256 an RSA key or, faster, an RSA-PSS key whose parameters are SHA-256, MGF1 with
   * SHA-256 and 32 bytes of salt.
   */
  readonly key: KeyObject
}

/** Where a verifier gets its keys from: the issuer's JWKS, a fixed set, a shared secret. */
export interface KeySource {
  /**
   * The key for a token. `kid` is an opaque name and is only ever compared.
   *
   * @returns `null` when there is no such key; a promise only when it must be fetched.
   * @throws {KeysUnavailableError} No key set could be had, and there is none from before or
   *   the one from before lacks the key: it may be newer.
   */
  find(
    kid: string | undefined,
    algorithm: string,
  ): VerificationKey | null | Promise<VerificationKey | null>

  /**
   * Changes whenever a key is added, replaced or removed, and when the keys at hand are too old
   * to be used. Cached signatures die with it. To be read at every verification: it is how a
   * source that refreshes itself learns that it is in use.
   */
  readonly version: number
}

/** No key set can be had now. Says nothing about the token: answer 503 and try again. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError'
  readonly code = 'UNAVAILABLE'
  readonly status = 503
  /** When to try again, in whole seconds. */
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super('The keys of the issuer are not available.', options)
    this.retryAfterSeconds = retryAfterSeconds
  }
}
