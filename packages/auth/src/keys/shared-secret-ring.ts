import { createSecretKey, hkdfSync } from 'node:crypto'
import { secretProblem } from '@countersign/verify'
import { toBase64Url } from '../base/encoding.ts'
import { AuthError } from '../base/errors.ts'
import { StartupError } from '../base/startup-error.ts'
import type { KeyRing } from './key-ring.ts'
import type { Signer } from './sign.ts'

const algorithm = 'HS256'

/**
 * A ring of one key that is never stored or published: the secret shared with the one
 * service that verifies.
 *
 * @param secret `ACCESS_TOKEN_SECRET`. Counts as its UTF-8 bytes.
 * @throws {StartupError} It is short, a placeholder, known or plainly not random.
 */
export function openSharedSecretRing(secret: string): KeyRing {
  const problem = secretProblem(secret)
  if (problem) {
    throw new StartupError([`ACCESS_TOKEN_SECRET ${problem}. Make one with: openssl rand -hex 32`])
  }
  const bytes = Buffer.from(secret)
  const key = createSecretKey(bytes)
  const kid = nameOf(bytes)
  const signer: Signer = { kid, algorithm, key }
  return {
    version: 0,
    find: (name, wanted) => (name === kid && wanted === algorithm ? signer : null),
    signer: () => signer,
    publicKeySet: () => ({ keys: [] }),
    list: () => [],
    rotate: () => Promise.reject(new AuthError('ROTATION_UNSUPPORTED')),
    revoke: () => Promise.reject(new AuthError('ROTATION_UNSUPPORTED')),
    reload: () => Promise.resolve(),
  }
}

// Changes with the secret, so that tokens of an old one find no key.
function nameOf(secret: Uint8Array): string {
  return toBase64Url(new Uint8Array(hkdfSync('sha256', secret, '', 'countersign/v1/kid', 12)))
}
