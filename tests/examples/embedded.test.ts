import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Example, startExample } from './run-example.ts'

const ada = { email: 'ada@example.com', password: 'correct horse battery' }

describe.each([
  { path: 'examples/express.ts', forbidden: 403 },
  { path: 'examples/fastify.ts', forbidden: 403 },
  { path: 'examples/hono.ts', forbidden: 403 },
  { path: 'examples/common-js.cjs', forbidden: 404 },
  // Has one route for everything.
  { path: 'examples/node.ts', forbidden: 200 },
])('$path', ({ path, forbidden }) => {
  let example: Example
  let accessToken: string
  let userId: string

  beforeAll(async () => {
    example = await startExample(path)
    const answer = await post(`${example.url}/api/auth/register`, ada)
    const body = (await answer.json()) as { accessToken: string; user: { id: string } }
    accessToken = body.accessToken
    userId = body.user.id
  })

  afterAll(() => example?.stop())

  test('lets whoever registered use the protected route', async () => {
    const answer = await fetch(`${example.url}/orders`, { headers: bearer(accessToken) })
    expect(await answer.json()).toEqual({ orders: [], of: userId })
  })

  test('refuses a request without a token, and says what it asks for', async () => {
    const answer = await fetch(`${example.url}/orders`)
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Bearer/),
    ])
  })

  test('refuses a token that was tampered with', async () => {
    const [header, claims] = accessToken.split('.')
    const forged = `${header}.${claims}.${'A'.repeat(86)}`
    const answer = await fetch(`${example.url}/orders`, { headers: bearer(forged) })
    expect(answer.status).toBe(401)
  })

  test('keeps what needs a permission from who has none, if it has such a route', async () => {
    const options = { method: 'DELETE', headers: bearer(accessToken) }
    const answer = await fetch(`${example.url}/orders/7`, options)
    expect(answer.status).toBe(forbidden)
  })

  test('publishes its keys', async () => {
    const answer = await fetch(`${example.url}/.well-known/jwks.json`)
    expect(await answer.json()).toMatchObject({ keys: [{ kty: 'EC' }] })
  })
})

function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}
