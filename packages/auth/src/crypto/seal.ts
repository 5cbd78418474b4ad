import { createCipheriv, createDecipheriv } from 'node:crypto'
import { fromBase64Url, toBase64Url } from '../base/encoding.ts'
import type { Random } from '../ports/random.ts'
import type { ApplicationSecrets, SecretKeys } from './secrets.ts'

/**
 * - `OTHER_SECRET`: sealed under a secret that is neither the current nor the previous one
 * - `DAMAGED`: not a sealed value, changed since, or sealed for another context
 */
export type SealErrorCode = 'OTHER_SECRET' | 'DAMAGED'

const messages: Record<SealErrorCode, string> = {
  OTHER_SECRET: 'The value is sealed under another application secret.',
  DAMAGED: 'The sealed value is damaged or belongs elsewhere.',
}

/** A sealed value cannot be opened. Holds nothing of the value. */
export class SealError extends Error {
  override readonly name = 'SealError'
  readonly code: SealErrorCode

  constructor(code: SealErrorCode, options?: ErrorOptions) {
    super(messages[code], options)
    this.code = code
  }
}

const cipher = 'aes-256-gcm'
const format = 'seal1'
// 96 and 128 bits: the sizes GCM is made for (NIST SP 800-38D §5.2.1.1, §5.2.1.2).
const ivBytes = 12
const tagBytes = 16

/**
 * Encrypts and authenticates a value for storage under the current application secret.
 *
 * The text names its format and its secret: `seal1.<secret id>.<iv · ciphertext · tag>`.
 * The IV is random: not meant for more than 2^32 values under one secret (NIST SP 800-38D §8.3).
 *
 * @param input.context Purpose and id, as in `signing-key:<kid>`. Authenticated but not stored:
 *   a value moved to another row does not open.
 */
export function seal(
  { secrets, random }: { readonly secrets: ApplicationSecrets; readonly random: Random },
  { plaintext, context }: { readonly plaintext: Uint8Array; readonly context: string },
): string {
  const { id, sealing } = secrets.current
  const iv = random.bytes(ivBytes)
  const encryption = createCipheriv(cipher, sealing, iv).setAAD(boundTo(id, context))
  const ciphertext = Buffer.concat([encryption.update(plaintext), encryption.final()])
  const body = Buffer.concat([iv, ciphertext, encryption.getAuthTag()])
  return `${format}.${id}.${toBase64Url(body)}`
}

/**
 * Opens a sealed value under the current or the previous secret, whichever it names.
 *
 * @throws {SealError} `OTHER_SECRET` or `DAMAGED`.
 */
export function open(
  secrets: ApplicationSecrets,
  { sealed, context }: { readonly sealed: string; readonly context: string },
): Uint8Array {
  const { secretId, body } = parse(sealed)
  const { id, sealing } = secretNamed(secrets, secretId)
  const decryption = createDecipheriv(cipher, sealing, body.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decryption.setAAD(boundTo(id, context)).setAuthTag(body.subarray(-tagBytes))
  try {
    const plaintext = decryption.update(body.subarray(ivBytes, -tagBytes))
    return new Uint8Array(Buffer.concat([plaintext, decryption.final()]))
  } catch (cause) {
    throw new SealError('DAMAGED', { cause })
  }
}

/**
 * Whether a value names the previous secret. If so, seal it again before that one goes. Of one
 * that names neither, somebody may know a newer secret: leave it.
 */
export function isSealedUnderPrevious({ previous }: ApplicationSecrets, sealed: string): boolean {
  return previous !== null && sealed.startsWith(`${format}.${previous.id}.`)
}

function parse(sealed: string): { secretId: string; body: Uint8Array } {
  const [name, secretId, encoded, ...rest] = sealed.split('.')
  if (name !== format || !secretId || !encoded || rest.length > 0) throw new SealError('DAMAGED')
  const body = fromBase64Url(encoded)
  if (!body || body.length < ivBytes + tagBytes) throw new SealError('DAMAGED')
  return { secretId, body }
}

function secretNamed({ current, previous }: ApplicationSecrets, id: string): SecretKeys {
  if (id === current.id) return current
  if (id === previous?.id) return previous
  throw new SealError('OTHER_SECRET')
}

function boundTo(secretId: string, context: string): Uint8Array {
  return Buffer.from(`${format}.${secretId}.${context}`)
}
