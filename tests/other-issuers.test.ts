import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier, remoteKeySet } from '@countersign/verify'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Tokens of a provider that is not ours, over its real endpoints: what it signs and publishes
// is what its authors make of the specifications.

const audience = 'https://api.example'
const algorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const
type SigningAlgorithm = (typeof algorithms)[number]

let handle: RequestListener = (_req, res) => res.writeHead(503).end()
const server = createServer((req, res) => handle(req, res))
let issuer = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function signingKey(alg: SigningAlgorithm, kid: string = alg): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' }
}

/** The client is configured and the tokens are JWTs: there is nothing to keep. */
class NoStorage {
  async upsert(): Promise<void> {}
  async find(): Promise<undefined> {}
}

/** Puts a provider with these keys at the issuer's address, in the place of the last one. */
function publish(keys: readonly JWK[], alg: SigningAlgorithm): void {
  const provider = new Provider(issuer, {
    adapter: NoStorage,
    jwks: { keys },
    ttl: { ClientCredentials: 300 },
    clients: [
      {
        client_id: 'service',
        client_secret: 'a secret of the service, for tests',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: alg,
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          audience,
          scope: 'reports:read reports:write',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg } },
        }),
      },
    },
  })
  handle = provider.callback()
}

async function fetchToken(): Promise<string> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('service:a secret of the service, for tests')}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: audience,
      scope: 'reports:read',
    }),
  })
  const answer = (await response.json()) as { access_token: string }
  expect(answer).toMatchObject({ token_type: 'Bearer' })
  return answer.access_token
}

test.each(algorithms)('an access token signed with %s is accepted', async (alg) => {
  publish(await Promise.all(algorithms.map((alg) => signingKey(alg))), alg)
  const verifier = createVerifier({ issuer, audience, jwksUri: `${issuer}/jwks`, profile: 'jwt' })
  expect(await verifier.verify(await fetchToken())).toMatchObject({
    iss: issuer,
    sub: 'service',
    client_id: 'service',
    aud: audience,
    scope: 'reports:read',
  })
})

test('an access token for another audience is refused', async () => {
  publish([await signingKey('ES256')], 'ES256')
  const verifier = createVerifier({
    issuer,
    audience: 'https://other.example',
    jwksUri: `${issuer}/jwks`,
    profile: 'jwt',
  })
  await expect(verifier.verify(await fetchToken())).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
})

test('a key the provider rotates to is picked up, one it has removed is refused', async () => {
  let nowMs = 0
  const keys = remoteKeySet({ uri: `${issuer}/jwks`, clock: () => nowMs })
  const verifier = createVerifier({ issuer, audience, keys, profile: 'jwt' })
  const [first, second] = [await signingKey('ES256', 'first'), await signingKey('ES256', 'second')]

  publish([first], 'ES256')
  const oldToken = await fetchToken()
  expect(await verifier.verify(oldToken)).toMatchObject({ sub: 'service' })

  publish([second], 'ES256')
  nowMs += 10_000
  const newToken = await fetchToken()
  expect(await verifier.verify(newToken)).toMatchObject({ sub: 'service' })
  await expect(verifier.verify(oldToken)).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
})

test('a provider that cannot be reached is no fault of the token', async () => {
  publish([await signingKey('ES256')], 'ES256')
  const token = await fetchToken()
  handle = (_req, res) => res.writeHead(503).end()
  const verifier = createVerifier({ issuer, audience, jwksUri: `${issuer}/jwks`, profile: 'jwt' })
  await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 503 })
})
