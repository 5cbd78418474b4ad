import { readArgon2 } from './argon2.ts'
import { readBcrypt } from './bcrypt.ts'
import { readFirebaseScrypt } from './firebase-scrypt.ts'
import { readPbkdf2 } from './pbkdf2.ts'
import type { ReadHash } from './read-hash.ts'
import { readScrypt } from './scrypt.ts'

// By how the text begins, so that what is wrong with a hash can be said of its kind.
const readers: readonly (readonly [prefix: RegExp, read: (text: string) => ReadHash])[] = [
  [/^\$2/, readBcrypt],
  [/^\$scrypt\$/, readScrypt],
  [/^\$?pbkdf2[-_$]/, readPbkdf2],
  [/^\$argon2/, readArgon2],
  [/^\$firebase-scrypt\$/, readFirebaseScrypt],
]

/**
 * Reads a password hash that other software made: bcrypt, scrypt, PBKDF2, argon2 or the scrypt
 * of Firebase. What would cost more than about a second or 128 MiB is refused, so that no row
 * of an imported file slows signing in down.
 */
export function readImportedHash(text: string): ReadHash {
  const [, read] = readers.find(([prefix]) => prefix.test(text)) ?? []
  return read ? read(text) : { problem: 'It is no password hash of a known kind.' }
}
