import { createHash, createHmac } from 'node:crypto'
import { fromBase64Url, toBase64Url } from '../base/encoding.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'

/** Of the secret in a link, and of its hash. */
const secretBytes = 32

/**
 * The secret that a mail carries. It is computed from the order, so that a mail sent once more
 * carries the same, and is kept nowhere.
 *
 * @returns 43 characters of base64url (256 bits).
 */
export function oneTimeSecret({ current }: ApplicationSecrets, orderId: string): string {
  return toBase64Url(createHmac('sha256', current.mail).update(`one-time ${orderId}`).digest())
}

/** Under what a secret is kept: SHA-256, which is enough for 256 random bits. */
export function hashOneTimeSecret(secret: string): string {
  return toBase64Url(createHash('sha256').update(secret).digest())
}

/** Whether a text can be such a secret. */
export function looksLikeOneTimeSecret(text: string): boolean {
  return text.length === 43 && fromBase64Url(text)?.byteLength === secretBytes
}
