import type { EpochSeconds } from '../base/time.ts'
import type { Along } from './along.ts'

/** A program that calls in its own name: a verifying service, a job. `id` is `client_id`. */
export interface ServiceClient {
  /** `cli_` and 22 characters of base64url (128 random bits). Never used again once deleted. */
  readonly id: string
  /** 1 to 100 characters, for people. */
  readonly name: string
  /** Ascending, without repeats. Scope tokens of RFC 6749 §3.3, each 1 to 64 characters. */
  readonly scopes: readonly string[]
  /**
   * SHA-256 of the secret, 32 bytes; `null` when it proves itself by key alone. A secret is 32
   * random bytes, so that nothing slower is needed.
   */
  readonly secretHash: Uint8Array | null
  /** Public JWK set as JSON text, for `private_key_jwt` (RFC 7523); `null` without. */
  readonly jwks: string | null
  readonly status: 'active' | 'disabled'
  /** Carried as `tv` in its access tokens. Raised when it is disabled or deleted: older ones die. */
  readonly tokenVersion: number
  readonly createdAt: EpochSeconds
}

/** Service clients. Proven by `serviceClientStoreContract`. */
export interface ServiceClientStore {
  create(client: ServiceClient, along?: Along): Promise<void>
  find(id: string): Promise<ServiceClient | null>
  /** Oldest first, then by id. */
  list(): Promise<ServiceClient[]>
  /** Replaces the secret. @returns Whether there is such a client. */
  replaceSecret(id: string, secretHash: Uint8Array, along?: Along): Promise<boolean>
  /**
   * Enables or disables a client. Disabling raises `tokenVersion` and writes a revocation of kind
   * `client` with the new one as its floor, in the same transaction.
   */
  setStatus(
    id: string,
    status: ServiceClient['status'],
    at: EpochSeconds,
    along?: Along,
  ): Promise<boolean>
  /** Removes a client; a revocation above its `tokenVersion` is written in the same transaction. */
  delete(id: string, at: EpochSeconds, along?: Along): Promise<boolean>
  /**
   * Takes a one-time value, such as the `jti` of a client assertion (RFC 7523 §3). Atomic.
   * @returns Whether this call was the first; values are forgotten after `expiresAt`.
   */
  takeOnce(value: string, expiresAt: EpochSeconds, now: EpochSeconds): Promise<boolean>
}
