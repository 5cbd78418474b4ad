import { secretProblem } from '@countersign/verify'
import { fromBase64Url } from '../base/encoding.ts'
import { StartupError } from '../base/startup-error.ts'

/** Fewer bytes are refused: every other secret is derived from these. */
export const minSecretBytes = 32

/**
 * Reads an application secret written in base64url without padding, or in hex.
 *
 * Refuses what is short, published, a placeholder or typed instead of made. It cannot measure
 * entropy: a secret chosen with care by hand may pass.
 *
 * @param input.name What to call it in the message, such as `COUNTERSIGN_SECRET`.
 * @throws {StartupError} One line that says what is wrong and how to mend it. Never holds the text.
 */
export function parseApplicationSecret(input: {
  readonly name: string
  readonly text: string
}): Uint8Array {
  const text = input.text.trim()
  const secret = decode(text)
  const problem = secret ? problemOf(text, secret) : 'is neither base64url nor hex'
  if (!secret || problem) {
    throw new StartupError([`${input.name} ${problem}. Make one with: openssl rand -hex 32`])
  }
  return secret
}

// 32 bytes or more of base64url that happen to use hex digits only: once in 10^20.
function decode(text: string): Uint8Array | null {
  const isHex = /^(?:[0-9a-f]{2})+$/i.test(text)
  return isHex ? new Uint8Array(Buffer.from(text, 'hex')) : fromBase64Url(text)
}

function problemOf(text: string, secret: Uint8Array): string | null {
  if (secret.length < minSecretBytes) {
    return `holds ${secret.length} bytes and needs ${minSecretBytes} or more`
  }
  if (isWords(text, secret)) return 'is made of words or typed by hand'
  // What was pasted may be known as text; what was encoded, as bytes.
  return secretProblem(text) ?? secretProblem(secret)
}

// Random base64url of this length lacks capitals or small letters once in 10^9.
function isWords(text: string, secret: Uint8Array): boolean {
  const isPrintable = secret.every((byte) => byte >= 0x20 && byte < 0x7f)
  const hasOneCase = text === text.toLowerCase() || text === text.toUpperCase()
  return isPrintable || (hasOneCase && !/^[0-9a-f]+$/i.test(text))
}
