import { verify } from '@node-rs/bcrypt'
import type { ReadHash } from './read-hash.ts'

// $2a, $2b and $2y differ in mistakes that other software made, not in what they stand for. $2x
// marks the one mistake that changed hashes. The last characters of salt and output hold bits
// that are always 0.
const bcrypt =
  /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/

const cost = { least: 4, most: 14 }

/** The cipher's key. Implementations cut off what is longer. */
const maxPasswordBytes = 72

/** Reads `$2b$12$` with salt and output. */
export function readBcrypt(text: string): ReadHash {
  const found = bcrypt.exec(text)?.groups
  if (!found) return { problem: 'It is no complete bcrypt hash of $2a$, $2b$ or $2y$.' }
  const rounds = Number(found['cost'])
  if (rounds < cost.least || rounds > cost.most) {
    return { problem: `Its bcrypt cost is not between ${cost.least} and ${cost.most}.` }
  }
  return {
    hash: {
      maxPasswordBytes,
      async matches(password) {
        // The key is the password with a NUL, over and over: `a` and `a\0a` would be the same.
        if (password.includes('\0')) return false
        const bytes = Buffer.from(password).subarray(0, maxPasswordBytes)
        return await verify(bytes, text)
      },
    },
  }
}
