import { createSecretKey } from 'node:crypto'
import type { KeySource, VerificationKey } from './key-source.ts'

/**
 * One shared secret, for HS256 tokens of a single service. It has no name: any `kid` is
 * passed over.
 *
 * Does not judge the secret; `secretProblem` does.
 *
 * @param secret Text counts as its UTF-8 bytes. It is copied.
 */
export function secretKey(secret: string | Uint8Array): KeySource {
  const key: VerificationKey = {
    kid: undefined,
    algorithm: 'HS256',
    key: createSecretKey(Buffer.from(secret)),
  }
  return {
    version: 0,
    find: (_kid, algorithm) => (algorithm === key.algorithm ? key : null),
  }
}
