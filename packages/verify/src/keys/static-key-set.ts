import { importJwks, type Jwks, selectKey } from './jwks.ts'
import type { KeySource } from './key-source.ts'

/**
 * Keys that never change while the process runs.
 *
 * @throws {InvalidKeyError} as {@link importJwks} does.
 */
export function staticKeySet(jwks: Jwks): KeySource {
  const keys = importJwks(jwks)
  return {
    version: 0,
    find: (kid, algorithm) => selectKey(keys, kid, algorithm),
  }
}
