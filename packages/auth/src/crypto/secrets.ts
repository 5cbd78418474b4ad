import { hkdfSync } from 'node:crypto'
import { toBase64Url } from '../base/encoding.ts'

/** Keys derived from one application secret: HKDF-SHA256, one label each (RFC 5869). */
export interface SecretKeys {
  /** Names the secret without telling it. Eight characters. */
  readonly id: string
  /** Seals private keys and other secrets at rest: AES-256-GCM. */
  readonly sealing: Uint8Array
  /** Tags refresh tokens as genuine: HMAC-SHA256. */
  readonly refreshTag: Uint8Array
  /** Computes the successor of a refresh token: HMAC-SHA256. */
  readonly refreshNext: Uint8Array
  /** Signs the device cookie: HMAC-SHA256. */
  readonly device: Uint8Array
  /** Signs cursors handed to callers: HMAC-SHA256. */
  readonly cursor: Uint8Array
}

/** The secret in use, and during a change the one before it. */
export interface ApplicationSecrets {
  readonly current: SecretKeys
  readonly previous: SecretKeys | null
}

/**
 * @param secret 32 bytes or more, checked by whoever reads the configuration.
 *
 * @exportedForTest
 */
export function deriveSecretKeys(secret: Uint8Array): SecretKeys {
  const derive = (label: string, length = 32) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `countersign/v1/${label}`, length))
  return {
    id: toBase64Url(derive('id', 6)),
    sealing: derive('sealing'),
    refreshTag: derive('refresh-tag'),
    refreshNext: derive('refresh-next'),
    device: derive('device'),
    cursor: derive('cursor'),
  }
}

/** @param previous The secret before, while values sealed under it remain. */
export function deriveApplicationSecrets(
  current: Uint8Array,
  previous: Uint8Array | null,
): ApplicationSecrets {
  return {
    current: deriveSecretKeys(current),
    previous: previous && deriveSecretKeys(previous),
  }
}
