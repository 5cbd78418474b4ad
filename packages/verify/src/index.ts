export { readBearer } from './guard/bearer.ts'
export { GuardError, type GuardErrorCode } from './guard/guard-error.ts'
export { InvalidKeyError, type Jwk } from './keys/jwk.ts'
export type { Jwks } from './keys/jwks.ts'
export {
  type Algorithm,
  type KeySource,
  KeysUnavailableError,
  type VerificationKey,
} from './keys/key-source.ts'
export { remoteKeySet } from './keys/remote-key-set.ts'
export type { RemoteKeySetEvent, RemoteKeySetOptions } from './keys/remote-key-set-options.ts'
export { secretProblem } from './keys/secret-problem.ts'
export { staticKeySet } from './keys/static-key-set.ts'
export type { AccessToken } from './token/access-token.ts'
export type { Clock } from './token/clock.ts'
export { createVerifier } from './token/create-verifier.ts'
export { TokenError, type TokenErrorCode } from './token/token-error.ts'
export type { Verifier } from './token/verifier.ts'
export type { VerifierOptions } from './token/verifier-options.ts'
