import { InvalidKeyError } from '../keys/jwk.ts'
import type { KeySource } from '../keys/key-source.ts'
import { remoteKeySet } from '../keys/remote-key-set.ts'
import { secretKey } from '../keys/secret-key.ts'
import { secretProblem } from '../keys/secret-problem.ts'
import { staticKeySet } from '../keys/static-key-set.ts'
import type { VerifierOptions } from './verifier-options.ts'

/**
 * Opens the one key source that the options name, or the issuer's.
 *
 * @returns What is wrong with the options when there is none.
 */
export function openKeySource(options: VerifierOptions): KeySource | string {
  const { keys, jwks, jwksUri, secret } = options
  const given = [keys, jwks, jwksUri, secret].filter((option) => option !== undefined)
  if (given.length > 1) return 'only one of keys, jwks, jwksUri and secret can be given'
  if (keys !== undefined) return isKeySource(keys) ? keys : 'keys must be a key source'
  if (jwks !== undefined) return orProblem('jwks', () => staticKeySet(jwks))
  if (secret !== undefined) return openSecret(secret)
  if (jwksUri !== undefined) return orProblem('jwksUri', () => remoteKeySet({ uri: jwksUri }))
  return openIssuerKeys(options.issuer)
}

function openSecret(secret: unknown): KeySource | string {
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    return 'secret must be text or bytes'
  }
  const problem = secretProblem(secret)
  return problem === null ? secretKey(secret) : `secret ${problem}`
}

function openIssuerKeys(issuer: unknown): KeySource | string {
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) {
    return 'keys, jwks, jwksUri or secret must be given when the issuer is no URL'
  }
  const { href } = new URL('/.well-known/jwks.json', issuer)
  return orProblem('issuer', () => remoteKeySet({ uri: href }))
}

function isKeySource(value: unknown): value is KeySource {
  return (
    typeof value === 'object' &&
    value !== null &&
    'find' in value &&
    typeof value.find === 'function' &&
    'version' in value &&
    typeof value.version === 'number'
  )
}

/** Both errors are about what the programmer gave; anything else is not. */
function orProblem(option: string, open: () => KeySource): KeySource | string {
  try {
    return open()
  } catch (error) {
    if (!(error instanceof InvalidKeyError || error instanceof TypeError)) throw error
    return `${option}: ${error.message.replace(/\.$/, '')}`
  }
}
