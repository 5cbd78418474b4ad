import { pbkdf2 } from 'node:crypto'
import { isEqualConstantTime } from '../../base/constant-time.ts'
import { decodeHashBase64, decodeHashOutput } from './base64.ts'
import type { ReadHash } from './read-hash.ts'

// passlib: `$pbkdf2-sha256$29000$salt$output`, SHA-1 without its name. PHC strings say `i=29000`.
const passlib =
  /^\$pbkdf2(?:-(?<digest>sha1|sha256|sha512))?\$(?:i=)?(?<iterations>\d{1,9})(?:,l=\d+)?\$(?<salt>[\w+/.-]{0,342})\$(?<output>[\w+/.-]+)={0,2}$/

// Django: `pbkdf2_sha256$600000$salt$output`. The salt is text, not base64.
const django =
  /^pbkdf2_(?<digest>sha1|sha256|sha512)\$(?<iterations>\d{1,9})\$(?<salt>[^$]{1,256})\$(?<output>[\w+/-]+={0,2})$/

/** 2.5 million of SHA-512 take about a second. */
const maxRounds = 2_500_000

const outputBytesOf: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 }

/** Reads the forms of passlib, PHC strings and Django, with SHA-1, SHA-256 or SHA-512. */
export function readPbkdf2(text: string): ReadHash {
  const isDjango = text.startsWith('pbkdf2_')
  const found = (isDjango ? django : passlib).exec(text)?.groups
  if (!found) return { problem: 'It is no complete PBKDF2 hash of SHA-1, SHA-256 or SHA-512.' }
  const salt = isDjango ? Buffer.from(found['salt'] ?? '') : decodeHashBase64(found['salt'] ?? '')
  const output = decodeHashOutput(found['output'] ?? '')
  if (!salt || !output) return { problem: 'Salt or output of its PBKDF2 are not whole.' }
  const digest = found['digest'] ?? 'sha1'
  const iterations = Number(found['iterations'])
  // Each block of output costs all iterations (RFC 8018 §5.2).
  const blocks = Math.ceil(output.byteLength / (outputBytesOf[digest] ?? 1))
  if (iterations < 1) return { problem: 'Its PBKDF2 has no iterations.' }
  if (iterations * blocks > maxRounds) {
    return { problem: `Its PBKDF2 takes more than ${maxRounds} rounds.` }
  }
  return {
    hash: {
      maxPasswordBytes: null,
      async matches(password) {
        const length = output.byteLength
        const derived = await derive(password, { salt, iterations, length, digest })
        return isEqualConstantTime(derived, output)
      },
    },
  }
}

function derive(
  password: string,
  {
    salt,
    iterations,
    length,
    digest,
  }: { salt: Uint8Array; iterations: number; length: number; digest: string },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    pbkdf2(password, salt, iterations, length, digest, (error, output) => {
      if (error) reject(error)
      else resolve(output)
    })
  })
}
