import { createSecretKey, type KeyObject } from 'node:crypto'
import type { Algorithm } from '../keys/key-source.ts'
import type { VerifierOptions } from '../token/verifier-options.ts'
import { signJws } from './sign-jws.ts'
import { generateKeys, publicJwk } from './test-issuer.ts'

/** Signs whatever it is told, to see what a verifier makes of it. */
export interface TokenForge {
  readonly algorithm: Algorithm
  /** For `createVerifier`. */
  readonly options: VerifierOptions
  /** The verifier's clock. It moves when it is told. */
  readonly clock: { time: number; now(): number }
  /** A private key, or with HS256 the secret. */
  readonly key: KeyObject
  /** A good header with changes; `undefined` leaves a member out. */
  header(changes?: object): object
  /** Good claims with changes; `undefined` leaves one out. */
  claims(changes?: object): object
  /** A genuine token. Text and bytes become a part as they are, anything else as JSON. */
  token(parts?: { readonly header?: unknown; readonly payload?: unknown }): string
}

const issuer = 'https://issuer.test'
const audience = 'https://api.test'
const kid = 'key-1'

/** 32 bytes without a pattern. */
export const testSecret: Uint8Array = Buffer.from('5c2f7e9a41d8b06378e1c4f50a9d3b62', 'latin1')

export function createForge(algorithm: Algorithm = 'ES256'): TokenForge {
  const { key, keys } = makeKey(algorithm)
  const clock = { time: 1_800_000_000, now: () => clock.time }
  const header = (changes = {}): object => ({ alg: algorithm, kid, typ: 'at+jwt', ...changes })
  const claims = (changes = {}): object => ({
    iss: issuer,
    sub: 'user-1',
    aud: audience,
    iat: clock.time,
    exp: clock.time + 600,
    jti: 'token-1',
    ...changes,
  })
  return {
    algorithm,
    options: { issuer, audience, clock, ...keys },
    clock,
    key,
    header,
    claims,
    token: ({ header: h = header(), payload = claims() } = {}) =>
      signJws({ header: h, payload, algorithm, key }),
  }
}

function makeKey(algorithm: Algorithm): {
  key: KeyObject
  keys: Pick<VerifierOptions, 'jwks' | 'secret'>
} {
  if (algorithm === 'HS256') {
    return { key: createSecretKey(testSecret), keys: { secret: testSecret } }
  }
  const { publicKey, privateKey } = generateKeys(algorithm)
  return { key: privateKey, keys: { jwks: { keys: [publicJwk(publicKey, { kid, algorithm })] } } }
}
