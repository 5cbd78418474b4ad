import { createHash } from 'node:crypto'
import { knownSecretHashes } from './secret-known.ts'

/** RFC 7518 §3.2: a key at least as long as the hash. */
const minSecretBytes = 32

// Six letters and more: a random secret holds one of them less than once in ten million.
const placeholder =
  /secret|password|example|default|replace|placeholder|change.?(?:me|this|it)|1234567890|abcdefgh|qwertyui/i

const keyText = /-----BEGIN |"kty"/

/**
 * Says what is wrong with a shared secret, as a predicate: "is shorter than 32 bytes".
 * `null`: nothing was found.
 *
 * Finds what people paste: short, repeated, counted or placeholder text, public keys, and
 * secrets of public lists. It does not estimate entropy: 32 random bytes pass in any
 * encoding, and so does an inventive pass phrase.
 *
 * @param secret Text counts as its UTF-8 bytes.
 * @see RFC 8725 §3.5
 */
export function secretProblem(secret: string | Uint8Array): string | null {
  const bytes = Buffer.from(secret)
  const text = bytes.toString('latin1')
  if (bytes.length < minSecretBytes) return `is shorter than ${minSecretBytes} bytes`
  if (keyText.test(text)) return 'is a key in PEM or JWK form, not a secret'
  if (placeholder.test(text)) return 'has the words of a placeholder'
  if (isMonotonous(bytes)) return 'repeats or counts instead of being random'
  if (isKnown(bytes)) return 'is in public lists of known secrets'
  return null
}

function isMonotonous(bytes: Uint8Array): boolean {
  return hasFewBytes(bytes) || isPeriodic(bytes) || isCounting(bytes)
}

function hasFewBytes(bytes: Uint8Array): boolean {
  return new Set(bytes).size < 6
}

/** Whether it is one piece over and over, the last time perhaps cut off. */
function isPeriodic(bytes: Uint8Array): boolean {
  for (let period = 1; period <= bytes.length / 2; period += 1) {
    if (bytes.every((byte, index) => index < period || byte === bytes[index - period])) return true
  }
  return false
}

/** Whether most bytes are a neighbour of the byte before: `abcd`, `4321`, `1111`. */
function isCounting(bytes: Uint8Array): boolean {
  const steps = bytes.filter(
    (byte, index) => index > 0 && Math.abs(byte - (bytes[index - 1] ?? 0)) <= 1,
  )
  return steps.length > 0.75 * (bytes.length - 1)
}

function isKnown(bytes: Uint8Array): boolean {
  const hash = createHash('sha256').update(bytes).digest().subarray(0, 6).toString('base64url')
  return knownSecretHashes.includes(hash)
}
