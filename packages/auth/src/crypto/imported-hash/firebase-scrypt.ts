import { createCipheriv } from 'node:crypto'
import { isEqualConstantTime } from '../../base/constant-time.ts'
import { decodeHashBase64 } from './base64.ts'
import type { ReadHash } from './read-hash.ts'
import { deriveScrypt, scryptCostProblem } from './scrypt.ts'

/** What a Firebase project hashes with, as its console shows it. */
export interface FirebaseHashConfig {
  /** Base64. */
  readonly signerKey: string
  /** Base64. */
  readonly saltSeparator: string
  /** scrypt's r. */
  readonly rounds: number
  /** The logarithm of scrypt's N. */
  readonly memCost: number
}

const stored =
  /^\$firebase-scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,4})\$(?<salt>[\w+/=-]{1,344})\$(?<separator>[\w+/=-]{0,344})\$(?<signerKey>[\w+/=-]{1,344})\$(?<output>[\w+/=-]+)$/

const derivedBytes = 64
const cipherKeyBytes = 32

/**
 * Writes a user's hash and salt and the project's parameters as one text: everything that is
 * needed to compare a password, in the order in which it is used.
 */
export function formatFirebaseHash(
  { signerKey, saltSeparator, rounds, memCost }: FirebaseHashConfig,
  user: { readonly passwordHash: string; readonly salt: string },
): string {
  const parameters = `ln=${memCost},r=${rounds}`
  const parts = [parameters, user.salt, saltSeparator, signerKey, user.passwordHash]
  return `$firebase-scrypt$${parts.join('$')}`
}

/**
 * Reads what {@link formatFirebaseHash} writes. Firebase takes the key of a cipher from scrypt
 * and encrypts the signer key with it, with AES-256 in counter mode from 0; that is its hash.
 *
 * @see https://github.com/firebase/scrypt
 */
export function readFirebaseScrypt(text: string): ReadHash {
  const found = stored.exec(text)?.groups
  if (!found) return { problem: 'It is no complete hash of Firebase.' }
  const cost = { ln: Number(found['ln']), r: Number(found['r']), p: 1 }
  const problem = scryptCostProblem(cost)
  if (problem !== null) return { problem }
  const [salt, separator, signerKey, output] = ['salt', 'separator', 'signerKey', 'output'].map(
    (name) => decodeHashBase64(found[name] ?? ''),
  )
  if (!salt || !separator || !signerKey || output?.byteLength !== signerKey.byteLength) {
    return { problem: 'Parts of its Firebase hash are not whole, or of another project.' }
  }
  const salted = Buffer.concat([salt, separator])
  return {
    hash: {
      maxPasswordBytes: null,
      async matches(password) {
        const derived = await deriveScrypt(password, { salt: salted, cost, length: derivedBytes })
        return isEqualConstantTime(encrypt(signerKey, derived), output)
      },
    },
  }
}

function encrypt(signerKey: Uint8Array, derived: Buffer): Buffer {
  const key = derived.subarray(0, cipherKeyBytes)
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signerKey)
}
