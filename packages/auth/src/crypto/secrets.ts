import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { toBase64Url } from '../base/encoding.ts'

/**
 * Keys derived from one application secret: HKDF-SHA256, one label each (RFC 5869).
 *
 * As `KeyObject`s: given bytes, Node makes one at every use, which takes longer than the HMAC.
 */
export interface SecretKeys {
  /** Names the secret without telling it. Eight characters. */
  readonly id: string
  /** Seals private keys and other secrets at rest: AES-256-GCM. */
  readonly sealing: KeyObject
  /** Tags refresh tokens as genuine: HMAC-SHA256. */
  readonly refreshTag: KeyObject
  /** Computes the successor of a refresh token: HMAC-SHA256. */
  readonly refreshNext: KeyObject
  /** Signs the device cookie: HMAC-SHA256. */
  readonly device: KeyObject
  /** Signs cursors handed to callers: HMAC-SHA256. */
  readonly cursor: KeyObject
  /** Computes the secrets of mailed links: HMAC-SHA256. */
  readonly mail: KeyObject
  /** Signs the end of the audit chain: HMAC-SHA256. */
  readonly audit: KeyObject
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
  const deriveKey = (label: string) => createSecretKey(derive(label))
  return {
    id: toBase64Url(derive('id', 6)),
    sealing: deriveKey('sealing'),
    refreshTag: deriveKey('refresh-tag'),
    refreshNext: deriveKey('refresh-next'),
    device: deriveKey('device'),
    cursor: deriveKey('cursor'),
    mail: deriveKey('mail'),
    audit: deriveKey('audit'),
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
