import type { EpochSeconds } from '../base/time.ts'
import type { Along } from './along.ts'

export type SigningAlgorithm = 'ES256' | 'EdDSA' | 'RS256' | 'PS256'

/** A key that signs access tokens, with the times that stage its life. */
export interface StoredSigningKey {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string
  readonly algorithm: SigningAlgorithm
  /** Public JWK as JSON text. */
  readonly publicJwk: string
  /** PKCS #8, sealed under the application secret. */
  readonly sealedPrivateKey: string
  readonly createdAt: EpochSeconds
  /** Signs from here on, until the next key does. In the key set from `createdAt` on. */
  readonly activeFrom: EpochSeconds
}

/** Signing keys. Proven by `signingKeyStoreContract`. */
export interface SigningKeyStore {
  /** Ascending by `activeFrom`, then `kid`. */
  list(): Promise<StoredSigningKey[]>
  /**
   * Adds a key if the newest key there is `newestKid` (`null`: if there is none).
   * Atomic: of concurrent calls with one `newestKid`, one adds. Newest means last in `list`.
   */
  add(key: StoredSigningKey, newestKid: string | null, along?: Along): Promise<boolean>
  /** Replaces a private key sealed under an old application secret. */
  reseal(kid: string, from: string, to: string): Promise<boolean>
  delete(kid: string): Promise<boolean>
  /** Removes a key that others may know; a revocation of kind `key` is written with it. */
  revoke(kid: string, at: EpochSeconds, along?: Along): Promise<boolean>
}
