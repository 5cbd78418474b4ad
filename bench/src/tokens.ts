import {
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import type { Jwk } from '@countersign/verify'
import { SignJWT } from 'jose'

export const algorithms = ['HS256', 'RS256', 'ES256', 'EdDSA'] as const
export type Algorithm = (typeof algorithms)[number]

/** What signs the tokens of a run and what they are checked with; the same key for HS256. */
export interface SigningKey {
  readonly algorithm: Algorithm
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export const issuer = 'https://auth.example.com'
export const audience = 'https://api.example.com'
export const tokenType = 'at+jwt'

export function createSigningKey(algorithm: Algorithm): SigningKey {
  return { algorithm, kid: `bench-${algorithm}`, ...keyGenerators[algorithm]() }
}

const keyGenerators: Record<Algorithm, () => Pick<SigningKey, 'privateKey' | 'publicKey'>> = {
  HS256() {
    const secret = createSecretKey(randomBytes(32))
    return { privateKey: secret, publicKey: secret }
  },
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

/** The key that checks tokens as JSON: for HS256 the secret, for the others the public key. */
export function verificationJwk({ algorithm, kid, publicKey }: SigningKey): Jwk {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg: algorithm } as Jwk
}

/** Access tokens as Countersign issues them, each of another user and session. */
export function issueTokens(key: SigningKey, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, () => issueToken(key)))
}

function issueToken({ algorithm, kid, privateKey }: SigningKey): Promise<string> {
  const claims = {
    client_id: 'web',
    jti: randomUUID(),
    sid: randomUUID(),
    tv: 1,
    roles: ['user'],
    permissions: [],
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, kid, typ: tokenType })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(randomUUID())
    .setIssuedAt()
    .setExpirationTime('15m')
    .sign(privateKey)
}
