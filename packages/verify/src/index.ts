export { type EndReason, type TokenWatch, watchToken } from './connection/watch-token.ts'
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
export type { RevocationEvent, RevocationEvents } from './revocation/emitter.ts'
export type { RevocationFeedOptions } from './revocation/feed-options.ts'
export type { FreshnessClock } from './revocation/freshness.ts'
export { type LocalRevocations, localRevocations } from './revocation/local-revocations.ts'
export type { RevocationPolicy } from './revocation/policy.ts'
export type { Revocation } from './revocation/revocation.ts'
export { revocationFeed } from './revocation/revocation-feed.ts'
export type {
  RefusalReason,
  RevocationSource,
  RevocationStatus,
} from './revocation/revocation-source.ts'
export { RevocationStaleError } from './revocation/stale-error.ts'
export type { AccessToken } from './token/access-token.ts'
export type { Clock } from './token/clock.ts'
export { createVerifier } from './token/create-verifier.ts'
export { acceptOldTokens, type OldTokensOptions } from './token/old-tokens.ts'
export { TokenError, type TokenErrorCode } from './token/token-error.ts'
export type { TokenUse, Verifier } from './token/verifier.ts'
export type { VerifierOptions } from './token/verifier-options.ts'
