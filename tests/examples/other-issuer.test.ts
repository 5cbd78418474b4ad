import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Example, freePort, startExample } from './run-example.ts'

// Tokens as most providers make them: `typ` is JWT and there is no `jti`.

const issuer = 'https://login.example.com/'
const audience = 'https://api.example.com'

let privateKey: CryptoKey
let publisher: Server
let example: Example

beforeAll(async () => {
  const pair = await generateKeyPair('RS256')
  privateKey = pair.privateKey
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const port = await freePort()
  publisher = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
  await once(publisher.listen(port, 'localhost'), 'listening')
  const environment = {
    ISSUER: issuer,
    AUDIENCE: audience,
    JWKS_URI: `http://localhost:${port}/jwks`,
  }
  example = await startExample('examples/other-issuer.ts', { environment })
})

afterAll(async () => {
  await example?.stop()
  publisher.close()
})

test('a token of the provider is good', async () => {
  const answer = await get(await token(audience))
  expect(await answer.json()).toEqual({ orders: [], of: 'auth0|7' })
})

test('a token of the provider for another service is not', async () => {
  const answer = await get(await token('https://other.example.com'))
  expect(answer.status).toBe(401)
})

function token(aud: string): Promise<string> {
  return new SignJWT({ scope: 'orders' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject('auth0|7')
    .setAudience(aud)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)
}

function get(accessToken: string): Promise<Response> {
  return fetch(`${example.url}/orders`, { headers: { authorization: `Bearer ${accessToken}` } })
}
