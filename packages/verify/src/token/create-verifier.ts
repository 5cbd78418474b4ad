import type { VerificationKey } from '../keys/key-source.ts'
import type { AccessToken } from './access-token.ts'
import { judgeClaims } from './claim-rules.ts'
import { readClaims } from './claim-types.ts'
import { type CompactJws, splitCompactJws } from './compact-jws.ts'
import { readHeader, type TokenHeader } from './header.ts'
import { HeaderCache } from './header-cache.ts'
import { parseJsonObject } from './json-object.ts'
import { judgeRevocation, type Presented } from './judge-revocation.ts'
import { isSignatureValid } from './signature.ts'
import { type GenuineToken, SignatureCache } from './signature-cache.ts'
import { TokenError } from './token-error.ts'
import type { TokenUse, Verifier } from './verifier.ts'
import type { VerifierOptions } from './verifier-options.ts'
import { checkVerifierOptions, type VerifierSettings } from './verifier-settings.ts'

/**
 * Makes a verifier for the access tokens of one issuer.
 *
 * A token is taken apart strictly before any cryptography. Its signature is remembered
 * once found good; its claims are judged at every call.
 *
 * With `revocation` a token is good while it has not been revoked, as far as the copy of the
 * ledger is fresh enough for the policy of the call; without, until it expires. Does not check
 * possession of a key: bound tokens (`cnf`) are refused.
 *
 * @throws {TypeError} Names every option that is wrong, missing or unknown.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const settings = checkVerifierOptions(options)
  const state: VerifierState = {
    ...settings,
    signatures: new SignatureCache(settings.cacheSize),
    headers: new HeaderCache(),
  }
  return Object.freeze({
    verify: async (token: string, use?: TokenUse) => verifyNow(state, token, use),
    verifyNow: (token: string, use?: TokenUse) => verifyNow(state, token, use),
    revocation: settings.revocation,
  })
}

interface VerifierState extends VerifierSettings {
  readonly signatures: SignatureCache
  readonly headers: HeaderCache
}

/** A well-formed token about which nothing is proven. */
interface Candidate {
  readonly token: string
  readonly jws: CompactJws
  readonly header: TokenHeader
  readonly claims: AccessToken
  /** Of the key source, before the key was looked for. */
  readonly keysVersion: number
}

function verifyNow(
  state: VerifierState,
  token: string,
  use: TokenUse = {},
): AccessToken | Promise<AccessToken> {
  const genuine = findGenuine(state, token)
  return isPromise(genuine)
    ? genuine.then((found) => notRevoked(state, { token, found, use }))
    : notRevoked(state, { token, found: genuine, use })
}

function notRevoked(
  { revocation, clock }: VerifierState,
  presented: Presented,
): AccessToken | Promise<AccessToken> {
  if (revocation === null) return presented.found.claims
  return judgeRevocation({ revocation, clock }, presented)
}

/** A token whose signature and claims are good now. */
function findGenuine(state: VerifierState, token: string): GenuineToken | Promise<GenuineToken> {
  if (typeof token !== 'string') throw new TokenError('TOKEN_INVALID', 'not text')
  const now = state.clock.now()
  const keysVersion = state.keys.version
  const known = state.signatures.find(token, keysVersion, now)
  if (known) {
    judgeClaims(known.claims, state.claimRules, now)
    return known
  }

  const candidate = readCandidate(state, { token, keysVersion })
  const key = state.keys.find(candidate.header.kid, candidate.header.algorithm)
  return isPromise(key)
    ? Promise.resolve(key).then((found) => verifyCandidate(state, candidate, found))
    : verifyCandidate(state, candidate, key)
}

function readCandidate(
  { headers, headerRules, claimRules }: VerifierState,
  { token, keysVersion }: Pick<Candidate, 'token' | 'keysVersion'>,
): Candidate {
  const jws = splitCompactJws(token)
  const header = headers.find(jws.header) ?? readHeader(jws.header, headerRules)
  const claims = readClaims(parseJsonObject(jws.payload), claimRules.required)
  return { token, jws, header, claims, keysVersion }
}

function verifyCandidate(
  state: VerifierState,
  candidate: Candidate,
  key: VerificationKey | null,
): GenuineToken {
  const { token, jws, header, claims, keysVersion } = candidate
  checkSignature(candidate, key)
  judgeClaims(claims, state.claimRules, state.clock.now())
  const genuine = { claims, kid: header.kid }
  state.signatures.add(token, genuine, keysVersion)
  state.headers.add(jws.header, header)
  return genuine
}

function checkSignature({ jws, header }: Candidate, key: VerificationKey | null): void {
  if (!key) throw new TokenError('TOKEN_INVALID', 'no such key')
  // The key says how it verifies; the token may only agree.
  if (key.algorithm !== header.algorithm) throw new TokenError('TOKEN_INVALID', 'not of the key')
  if (!isSignatureValid(key, jws.signedData, jws.signature)) {
    throw new TokenError('TOKEN_INVALID', 'bad signature')
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value
}
