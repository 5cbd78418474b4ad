import { createVerifier, staticKeySet } from '@countersign/verify'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { deriveApplicationSecrets } from '../crypto/secrets.ts'
import { type KeyRing, openKeyRing } from '../keys/key-ring.ts'
import { openSharedSecretRing } from '../keys/shared-secret-ring.ts'
import type { SigningAlgorithm } from '../model/signing-key.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { memorySigningKeys } from '../testing/memory-signing-keys.ts'
import { issueAccessToken, maxTokenLength } from './access-token.ts'

const settings = {
  issuer: 'https://auth.example.com',
  audience: 'https://api.example.com',
  accessTokenSeconds: 900,
}
const random = fakeRandom()
const start = fakeClock().now()
const user = { id: 'usr_1', roles: ['editor'], tokenVersion: 3, rolesVersion: 2 }
const session = {
  id: 'ses_1',
  userId: 'usr_1',
  createdAt: start - 5000,
  expiresAt: start + 5000,
  authMethods: ['pwd'],
}
const permissions = ['articles:read', 'articles:write']

let clock: FakeClock
let ring: KeyRing

beforeAll(async () => {
  ring = await ringOf('ES256')
})

beforeEach(() => {
  clock = fakeClock()
})

function ringOf(algorithm: SigningAlgorithm): Promise<KeyRing> {
  const secrets = deriveApplicationSecrets(random.bytes(32), null)
  const signingKeys = memorySigningKeys()
  return openKeyRing(
    { signingKeys, secrets, clock: fakeClock(), random, log: silentLogger },
    {
      algorithm,
      schedule: { ...settings, jwksCacheSeconds: 300, reloadSeconds: 10, rotationSeconds: 1e6 },
    },
  )
}

function issue(
  input: { keys?: KeyRing; log?: Logger; permissions?: string[]; roles?: string[] } = {},
) {
  const { keys = ring, log = silentLogger } = input
  return issueAccessToken(
    { clock, random, keys, log, settings },
    {
      user: { ...user, roles: input.roles ?? user.roles },
      session,
      permissions: input.permissions ?? permissions,
    },
  )
}

const overTheWire = (document: object) => JSON.parse(JSON.stringify(document)) as JSONWebKeySet

const verifyWithJose = (token: string, keys: KeyRing) =>
  jwtVerify(token, createLocalJWKSet(overTheWire(keys.publicKeySet())), {
    issuer: settings.issuer,
    audience: settings.audience,
    typ: 'at+jwt',
    currentDate: new Date(start * 1000),
  })

test.each(['ES256', 'EdDSA', 'RS256', 'PS256'] as const)(
  'a token signed with %s verifies against the published key set',
  async (algorithm) => {
    const keys = await ringOf(algorithm)
    const { protectedHeader } = await verifyWithJose(issue({ keys }).accessToken, keys)
    expect(protectedHeader.alg).toBe(algorithm)
  },
)

test.each(['ES256', 'EdDSA', 'RS256', 'PS256'] as const)(
  'our own verifier takes a token signed with %s, by the ring and by the published key set',
  async (algorithm) => {
    const keys = await ringOf(algorithm)
    const { accessToken } = issue({ keys })
    const { issuer, audience } = settings
    for (const source of [keys, staticKeySet(keys.publicKeySet())]) {
      const verifier = createVerifier({ issuer, audience, clock, keys: source })
      expect(await verifier.verify(accessToken)).toMatchObject({ sub: 'usr_1', sid: 'ses_1' })
    }
  },
)

test('a token signed with a shared secret verifies with its UTF-8 bytes', async () => {
  const secret = 'grün-1f0c2a9e5b7d4836a1c9e0f2b4d6a8c7'
  const { accessToken } = issue({ keys: openSharedSecretRing(secret) })
  await jwtVerify(accessToken, new TextEncoder().encode(secret), {
    algorithms: ['HS256'],
    currentDate: new Date(start * 1000),
  })
})

test('the header holds alg, kid and typ, and nothing else', () => {
  const header = decodeProtectedHeader(issue().accessToken)
  expect(header).toEqual({ alg: 'ES256', kid: ring.signer().kid, typ: 'at+jwt' })
})

test('the claims are those of RFC 9068 and our own, and nothing else', () => {
  expect(decodeJwt(issue().accessToken)).toEqual({
    iss: settings.issuer,
    sub: 'usr_1',
    aud: settings.audience,
    exp: start + 900,
    iat: start,
    jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    client_id: 'countersign',
    sid: 'ses_1',
    tv: 3,
    rv: 2,
    roles: ['editor'],
    permissions,
    auth_time: start - 5000,
    amr: ['pwd'],
  })
})

test('the answer says how long the token lives', () => {
  expect(issue()).toMatchObject({ expiresIn: 900, expiresAt: start + 900 })
})

test('a token does not outlive its session', () => {
  clock.advance(4900)
  const issued = issue()
  expect(issued).toMatchObject({ expiresIn: 100, expiresAt: start + 5000 })
  expect(decodeJwt(issued.accessToken).exp).toBe(start + 5000)
})

test('a thousand tokens of one second have a thousand ids', () => {
  const ids = Array.from({ length: 1000 }, () => decodeJwt(issue().accessToken).jti)
  expect(new Set(ids).size).toBe(1000)
})

test('the session of another user gets no token', () => {
  const deps = { clock, random, keys: ring, log: silentLogger, settings }
  expect(() =>
    issueAccessToken(deps, { user: { ...user, id: 'usr_2' }, session, permissions }),
  ).toThrow(TypeError)
})

const many = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(5, '0')}`)

test('a token of the full length keeps its permissions', () => {
  const error = vi.fn<Logger['error']>()
  const log = { ...silentLogger, error }
  const base = issue({ permissions: [], log }).accessToken.length
  // Each takes 10 characters of JSON, and base64url makes 4 of 3.
  const fitting = many('p:', Math.floor(((maxTokenLength - base) * 3) / 4 / 10) - 1)
  const { accessToken } = issue({ permissions: fitting, log })
  expect(accessToken.length).toBeGreaterThan(maxTokenLength - 40)
  expect(decodeJwt(accessToken).permissions).toEqual(fitting)
  expect(error).not.toHaveBeenCalled()
})

test('a token that would be too long is issued without permissions, and that is logged', () => {
  const error = vi.fn<Logger['error']>()
  const { accessToken } = issue({
    permissions: many('p:', 2000),
    log: { ...silentLogger, error },
  })
  const claims = decodeJwt(accessToken)
  expect(claims).not.toHaveProperty('permissions')
  expect(claims.roles).toEqual(['editor'])
  expect(error).toHaveBeenCalledWith(
    expect.objectContaining({ sub: 'usr_1', leftOut: ['permissions'] }),
    expect.any(String),
  )
})

test('a token too long for its roles is issued without any power', async () => {
  const { accessToken } = issue({ permissions: many('p:', 2000), roles: many('r-', 2000) })
  expect(accessToken.length).toBeLessThan(maxTokenLength)
  const { payload } = await verifyWithJose(accessToken, ring)
  expect(payload).not.toHaveProperty('permissions')
  expect(payload).not.toHaveProperty('roles')
})
