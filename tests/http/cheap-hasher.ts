import { createHash } from 'node:crypto'
import type { PasswordHasher } from '../../packages/auth/src/crypto/password-hasher.ts'
import { normalizePassword } from '../../packages/auth/src/crypto/password-normal-form.ts'

/** Passwords hashed in no time, where hashing is not the subject. Never outside of tests. */
export const cheapHasher: PasswordHasher = {
  hash: async (password) => digest(password),
  verify: async (hash, password) => ({ matches: hash === digest(password), outdated: false }),
  load: () => ({ running: 0, waiting: 0 }),
}

function digest(password: string): string {
  const normal = normalizePassword(password)
  return `cheap$${createHash('sha256').update(normal).digest('base64url')}`
}
