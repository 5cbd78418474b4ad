import * as oauth from 'openid-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../packages/auth/src/ports/clock.ts'
import { type Authority, type CallAuthority, issuer, openAuthority } from './authority.ts'
import { type Person, signUp, signUpAdmin } from './people.ts'

// A client library that is not ours, and strict: it finds the endpoints by the metadata
// (RFC 8414), and refuses answers that are not as OAuth has them.

const scopes = ['orders:write', 'tokens:introspect']
let authority: Authority
let call: CallAuthority
let admin: Person
beforeAll(async () => {
  // The library has a clock of its own.
  authority = await openAuthority({ ports: { clock: systemClock } })
  call = authority.from()
  admin = await signUpAdmin(authority, call)
})
afterAll(() => authority.close())

async function makeClient(members: object = {}): Promise<Record<string, string>> {
  const body = { name: 'orders', scopes, ...members }
  const answer = await call('POST /admin/clients', { token: admin.accessToken, body })
  return answer.body as Record<string, string>
}

/** Finds the authority as its issuer names it, and talks to where it listens. */
function discover(
  clientId: string,
  authentication: oauth.ClientAuth,
): Promise<oauth.Configuration> {
  return oauth.discovery(new URL(issuer), clientId, undefined, authentication, {
    algorithm: 'oauth2',
    [oauth.customFetch]: (url, options) =>
      fetch(url.replace(issuer, `http://127.0.0.1:${authority.port}`), options as RequestInit),
  })
}

async function discoverWithSecret(): Promise<oauth.Configuration> {
  const { clientId = '', clientSecret } = await makeClient()
  return discover(clientId, oauth.ClientSecretBasic(clientSecret))
}

test('it gets a token with its secret, and the token is one', async () => {
  const config = await discoverWithSecret()
  const answer = await oauth.clientCredentialsGrant(config, { scope: 'orders:write' })
  expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 900, scope: 'orders:write' })
  expect(await authority.auth.verifier.verify(answer.access_token)).toMatchObject({
    client_id: config.clientMetadata().client_id,
    scope: 'orders:write',
  })
})

test('it gets a token with a key', async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    ['sign', 'verify'],
  )
  const jwk = await crypto.subtle.exportKey('jwk', publicKey)
  const key = { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y, alg: 'ES256', kid: 'k1' }
  const { clientId = '' } = await makeClient({ jwks: { keys: [key] } })
  const config = await discover(clientId, oauth.PrivateKeyJwt({ key: privateKey, kid: 'k1' }))
  expect(await oauth.clientCredentialsGrant(config)).toMatchObject({ scope: scopes.join(' ') })
})

test('it learns whether a token is active, and revokes one', async () => {
  const config = await discoverWithSecret()
  const { accessToken, refreshToken, id } = await signUp(call)
  expect(await oauth.tokenIntrospection(config, accessToken)).toMatchObject({
    active: true,
    sub: id,
    iss: issuer,
  })
  await oauth.tokenRevocation(config, refreshToken)
  expect(await oauth.tokenIntrospection(config, accessToken)).toEqual({ active: false })
})

test('it is told in terms of OAuth what is wrong', async () => {
  const { clientId = '' } = await makeClient()
  const stranger = await discover(clientId, oauth.ClientSecretBasic('not-the-secret'))
  await expect(oauth.clientCredentialsGrant(stranger)).rejects.toMatchObject({
    status: 401,
    cause: [{ scheme: 'basic' }],
  })
  const config = await discoverWithSecret()
  await expect(
    oauth.clientCredentialsGrant(config, { scope: 'users:write' }),
  ).rejects.toMatchObject({ status: 400, error: 'invalid_scope' })
})
