import { createHmac } from 'node:crypto'
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2'
import type { Random } from '../ports/random.ts'
import type { HashingGate, HashingLoad } from './hashing-gate.ts'
import type { HashingOrigin } from './hashing-gate-queue.ts'
import { readArgon2 } from './imported-hash/argon2.ts'
import { readImportedHash } from './imported-hash/imported-hash.ts'
import type { ImportedHash } from './imported-hash/read-hash.ts'
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

// OWASP Password Storage Cheat Sheet, 2026-08. The library's algorithm is argon2id, version 19.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const saltBytes = 16
const pepperBytes = 32

// A PHC string. Its `keyid` is ours to use: it names the secret that was hashed along.
const keyIdOfOwn = /(?<=^\$argon2id\$v=19\$[^$]{5,30}),keyid=[A-Za-z0-9+/]{8}(?=\$)/

/**
 * Hashes with argon2id over the whole password in NFKC, salted and peppered, on libuv's
 * threads: the event loop stays free. The password's length is the caller's business.
 *
 * Verifies what it made itself, and what other software did, as far as {@link readImportedHash}
 * takes it. Whatever else is stored never matches, at the cost of a hash.
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
      return await gate.run(origin, async () => {
        if (hash !== null && isOwn(hash)) {
          const matches = await argon2Verify(hash, normalizePassword(password), { secret: pepper })
          return { matches, outdated: matches && !hash.startsWith(`${phcPrefix(keyId)}$`) }
        }
        const imported = hash === null ? null : readImportedHash(hash)
        if (imported && 'hash' in imported) return await verifyImported(imported.hash, password)
        await argon2Verify(unmatchable, normalizePassword(password), { secret: pepper })
        return { matches: false, outdated: false }
      })
    },
  }
}

function isOwn(hash: string): boolean {
  return keyIdOfOwn.test(hash) && 'hash' in readArgon2(hash.replace(keyIdOfOwn, ''))
}

/**
 * Of a password that is longer than what went into the hash, the rest was not proved: it must
 * not become part of a new one, or a slip of the finger would.
 */
async function verifyImported(
  hash: ImportedHash,
  password: string,
): Promise<{ matches: boolean; outdated: boolean }> {
  const matches = await matchesAsTyped(hash, password)
  const { maxPasswordBytes } = hash
  const isWhole = maxPasswordBytes === null || Buffer.byteLength(password) <= maxPasswordBytes
  return { matches, outdated: matches && isWhole }
}

/** Other software hashed what was typed, or a normal form of it: which one is not on record. */
async function matchesAsTyped(hash: ImportedHash, password: string): Promise<boolean> {
  if (await hash.matches(password)) return true
  const normal = normalizePassword(password)
  return normal !== password && (await hash.matches(normal))
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
