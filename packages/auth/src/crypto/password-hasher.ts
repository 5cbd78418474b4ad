import { createHmac } from 'node:crypto'
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2'
import type { Random } from '../ports/random.ts'
import type { HashingGate, HashingLoad } from './hashing-gate.ts'
import type { HashingOrigin } from './hashing-gate-queue.ts'
import { normalizePassword } from './password-normal-form.ts'

/** The expensive part of a sign-in, behind the gate that bounds it. */
export interface PasswordHasher {
  /** @throws {AuthError} `UNAVAILABLE` when the queue is too long. */
  hash(password: string, origin: HashingOrigin): Promise<string>
  /**
   * Compares a password with a hash. `null` (no such user) costs the same and never matches.
   *
   * @returns `outdated`: right, but made with other parameters than today's; hash it again.
   * @throws {AuthError} `UNAVAILABLE` when the queue is too long.
   */
  verify(
    hash: string | null,
    password: string,
    origin: HashingOrigin,
  ): Promise<{ matches: boolean; outdated: boolean }>
  /** How busy the gate in front is now. */
  load(): HashingLoad
}

interface HashFormat {
  readonly isPeppered: boolean
  readonly isCurrent: boolean
}

// OWASP Password Storage Cheat Sheet, 2026-08. The library's algorithm is argon2id, version 19.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const saltBytes = 16
const pepperBytes = 32

// A PHC string. Its `keyid` is ours to use: it names the secret that was hashed along.
const argon2id =
  /^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,2},p=\d{1,2}(?:,keyid=(?<keyId>[A-Za-z0-9+/]{8}))?\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/

/**
 * Hashes with argon2id over the whole password in NFKC, salted and peppered, on libuv's
 * threads: the event loop stays free. The password's length is the caller's business.
 *
 * Verifies what it made itself, and argon2id of other parameters or without the pepper.
 * Whatever else is stored never matches, at the cost of a hash.
 *
 * @param settings `pepper`: 32 bytes that are not kept where the hashes are.
 */
export function createPasswordHasher(
  { gate, random }: { gate: HashingGate; random: Random },
  { pepper }: { pepper: Uint8Array },
): PasswordHasher {
  if (pepper.byteLength !== pepperBytes) throw new TypeError('pepper must be 32 bytes')
  const keyId = pepperId(pepper)
  const unmatchable = `${phcPrefix(keyId)}$${'A'.repeat(22)}$${'A'.repeat(43)}`

  return {
    load: () => gate.load(),
    hash(password, origin) {
      const options = { ...cost, secret: pepper, salt: random.bytes(saltBytes) }
      return gate.run(origin, async () => {
        const phc = await argon2Hash(normalizePassword(password), options)
        return phc.replace(phcPrefix(null), phcPrefix(keyId))
      })
    },

    async verify(hash, password, origin) {
      const format = hash === null ? null : recognize(hash, keyId)
      const secret = format?.isPeppered === false ? {} : { secret: pepper }
      const phc = format && hash !== null ? hash : unmatchable
      const isEqual = await gate.run(origin, () =>
        // What is not quite base64 is found when it is decoded.
        argon2Verify(phc, normalizePassword(password), secret).catch(() => false),
      )
      const matches = format !== null && isEqual
      return { matches, outdated: matches && !format.isCurrent }
    },
  }
}

function recognize(hash: string, keyId: string): HashFormat | null {
  const found = argon2id.exec(hash)?.groups
  if (!found) return null
  const isPeppered = found.keyId !== undefined
  return { isPeppered, isCurrent: hash.startsWith(`${phcPrefix(keyId)}$`) }
}

function phcPrefix(keyId: string | null): string {
  const { memoryCost, timeCost, parallelism } = cost
  const prefix = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}`
  return keyId === null ? prefix : `${prefix},keyid=${keyId}`
}

/** Names a pepper without telling it: six bytes in the base64 of PHC strings. */
function pepperId(pepper: Uint8Array): string {
  return createHmac('sha256', pepper).update('pepper id').digest().subarray(0, 6).toString('base64')
}
