import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Jwks } from '../keys/jwks.ts'
import type { Algorithm } from '../keys/key-source.ts'
import type { AccessToken } from '../token/access-token.ts'
import { type Clock, systemClock } from '../token/clock.ts'
import type { VerifierOptions } from '../token/verifier-options.ts'
import { signJws } from './sign-jws.ts'

/** Where test tokens say they come from, and who they are for. */
export interface TestIssuerOptions {
  /** Default `https://issuer.test`. */
  readonly issuer?: string
  /** Default `https://api.test`. */
  readonly audience?: string
  /** Default `ES256`. */
  readonly algorithm?: Exclude<Algorithm, 'HS256'>
  /** Of tokens and of the verifier. Default: the system's. */
  readonly clock?: Clock
}

/** An issuer of access tokens for tests, with a key of its own that is made on the spot. */
export interface TestIssuer {
  readonly issuer: string
  readonly audience: string
  /** Its public key. */
  readonly jwks: Jwks
  /** For `createVerifier`, so that it accepts the tokens of this issuer. */
  readonly verifierOptions: VerifierOptions
  /**
   * A signed access token of a user, good for five minutes.
   *
   * @param claims Change or add claims; `undefined` leaves one out. None is checked: also
   *   tokens that must be refused can be made.
   */
  token(claims?: { readonly [Claim in keyof AccessToken]?: AccessToken[Claim] | undefined }): string
}

/**
 * Makes an issuer for tests of protected routes, without an authority and without a network.
 *
 * @example
 * const issuer = createTestIssuer()
 * const verifier = createVerifier(issuer.verifierOptions)
 * const headers = { authorization: `Bearer ${issuer.token({ roles: ['admin'] })}` }
 */
export function createTestIssuer(options: TestIssuerOptions = {}): TestIssuer {
  const { issuer = 'https://issuer.test', audience = 'https://api.test' } = options
  const { algorithm = 'ES256', clock = systemClock } = options
  const { publicKey, privateKey } = generateKeys(algorithm)
  const kid = 'test-key'
  const jwks: Jwks = { keys: [publicJwk(publicKey, { kid, algorithm })] }
  let issued = 0

  return {
    issuer,
    audience,
    jwks,
    verifierOptions: { issuer, audience, jwks, clock },
    token(claims = {}) {
      issued += 1
      const now = clock.now()
      const payload = {
        iss: issuer,
        sub: 'user-1',
        aud: audience,
        iat: now,
        exp: now + 300,
        jti: `token-${issued}`,
        client_id: 'test',
        sid: 'session-1',
        tv: 0,
        rv: 0,
        roles: [],
        permissions: [],
        ...claims,
      }
      const header = { alg: algorithm, kid, typ: 'at+jwt' }
      return signJws({ header, payload, algorithm, key: privateKey })
    },
  }
}

/** A new key pair of the kind an algorithm needs. */
export function generateKeys(algorithm: Exclude<Algorithm, 'HS256'>): {
  publicKey: KeyObject
  privateKey: KeyObject
} {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

/** A public key as the issuer would publish it. */
export function publicJwk(
  key: KeyObject,
  { kid, algorithm }: { readonly kid: string; readonly algorithm: Algorithm },
): Jwks['keys'][number] {
  const { kty = '', ...members } = key.export({ format: 'jwk' })
  return { kty, ...members, kid, alg: algorithm, use: 'sig' }
}
