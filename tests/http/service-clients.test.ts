import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Authority, basePath, type CallAuthority, issuer, openAuthority } from './authority.ts'
import { type Person, refreshWith, signUp, signUpAdmin, statusOf, tokensOf } from './people.ts'

let authority: Authority
let call: CallAuthority
let admin: Person
let orders: Client
beforeAll(async () => {
  authority = await openAuthority()
  call = authority.from()
  admin = await signUpAdmin(authority, call)
  orders = await makeClient(['orders:write', 'tokens:introspect'])
})
afterAll(() => authority.close())

interface Client {
  readonly clientId: string
  readonly clientSecret: string
}

async function makeClient(scopes: string[], jwks?: object): Promise<Client> {
  const body = { name: 'orders', scopes, ...(jwks && { jwks }) }
  return (await call('POST /admin/clients', { token: admin.accessToken, body })).body as Client
}

const basic = ({ clientId, clientSecret }: Client) => `Basic ${btoa(`${clientId}:${clientSecret}`)}`

type Form = Readonly<Record<string, string>>

/** Posts a form, as OAuth has it. */
function post(path: string, form: Form, authorization?: string) {
  return call(`POST /${path}`, {
    bytes: new URLSearchParams(form).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization !== undefined && { authorization }),
    },
  })
}

const grant = { grant_type: 'client_credentials' }
const tokenOf = ({ body }: { body: unknown }) => (body as { access_token: string }).access_token

describe('a token for a service client', () => {
  test('says who it is and what it may do, and nothing of a user', async () => {
    const answer = await post('token', grant, basic(orders))
    expect(answer).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 900, scope: 'orders:write tokens:introspect' },
    })
    const claims = await authority.auth.verifier.verify(tokenOf(answer))
    expect(claims).toMatchObject({ sub: orders.clientId, client_id: orders.clientId, tv: 0 })
    expect(Object.keys(claims)).not.toEqual(expect.arrayContaining(['sid']))
  })

  test('is given for a secret in the form, too', async () => {
    const form = { ...grant, client_id: orders.clientId, client_secret: orders.clientSecret }
    expect((await post('token', form)).status).toBe(200)
  })

  test('may carry less than the client has, and never more', async () => {
    const less = await post('token', { ...grant, scope: 'orders:write' }, basic(orders))
    expect(less.body).toMatchObject({ scope: 'orders:write' })
    const more = await post('token', { ...grant, scope: 'orders:write admin' }, basic(orders))
    expect(more).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  test('opens nothing that is for users', async () => {
    const token = tokenOf(await post('token', grant, basic(orders)))
    expect((await call('GET /profile', { token })).status).toBe(401)
    expect((await call('GET /admin/users', { token })).status).toBe(401)
  })

  test.each<[string, Form, number, string]>([
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no grant', {}, 400, 'invalid_request'],
  ])('is refused for %s', async (_, form, status, error) => {
    expect(await post('token', form, basic(orders))).toMatchObject({ status, body: { error } })
  })

  test('is refused when a parameter comes twice', async () => {
    const answer = await call('POST /token', {
      bytes: 'grant_type=client_credentials&grant_type=client_credentials',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basic(orders),
      },
    })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('is refused for a body that is no form', async () => {
    const headers = { authorization: basic(orders) }
    const answer = await call('POST /token', { body: grant, headers })
    expect(answer).toMatchObject({ status: 415, body: { error: 'invalid_request' } })
  })

  test.each<[string, () => ReturnType<typeof post>]>([
    ['nobody', async () => post('token', grant)],
    ['a wrong secret', async () => post('token', grant, basic({ ...orders, clientSecret: 'no' }))],
    [
      'two proofs at once',
      async () =>
        post(
          'token',
          { ...grant, client_id: orders.clientId, client_secret: orders.clientSecret },
          basic(orders),
        ),
    ],
  ])('is refused for %s, with one answer', async (_, ask) => {
    expect(await ask()).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('a known client and an unknown one are refused alike', async () => {
    const unknown = { clientId: 'cli_AAAAAAAAAAAAAAAAAAAAAA', clientSecret: 'no' }
    const [known, other] = [
      await post('token', grant, basic({ ...orders, clientSecret: 'no' })),
      await post('token', grant, basic(unknown)),
    ]
    expect(known.text).toBe(other.text)
  })

  test('ten failures a minute, then another answer; the right secret is always good', async () => {
    const client = await makeClient([])
    const wrong = basic({ ...client, clientSecret: 'no' })
    for (let count = 0; count < 10; count++) await post('token', grant, wrong)
    expect((await post('token', grant, wrong)).status).toBe(429)
    expect((await post('token', grant, basic(client))).status).toBe(200)
    authority.clock.advance(61)
    expect((await post('token', grant, wrong)).status).toBe(401)
  })

  test('a new secret replaces the old one', async () => {
    const client = await makeClient([])
    const line = `POST /admin/clients/${client.clientId}/secret`
    const { body } = await call(line, { token: admin.accessToken, body: {} })
    expect((await post('token', grant, basic(client))).status).toBe(401)
    expect((await post('token', grant, basic(body as Client))).status).toBe(200)
  })
})

describe('private_key_jwt', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256' }] }
  let client: Client
  beforeAll(async () => {
    client = await makeClient(['orders:write'], jwks)
  })

  const assert = (claims: object = {}, key = privateKey) => {
    const now = authority.clock.now()
    const { clientId } = client
    return new SignJWT({
      iss: clientId,
      sub: clientId,
      aud: `${issuer}${basePath}/token`,
      jti: randomUUID(),
      iat: now,
      exp: now + 60,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(key)
  }
  const ask = (jwt: string) =>
    post('token', {
      ...grant,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: jwt,
    })

  test('has no secret', () => {
    expect(client.clientSecret).toBeUndefined()
  })

  test('is good for one token', async () => {
    const jwt = await assert()
    expect((await ask(jwt)).status).toBe(200)
    expect((await ask(jwt)).status).toBe(401)
  })

  test('may be for the issuer', async () => {
    expect((await ask(await assert({ aud: issuer }))).status).toBe(200)
  })

  test.each<[string, () => Promise<string>]>([
    ['of another key', () => assert({}, other)],
    ['for somebody else', () => assert({ aud: 'https://other.example' })],
    ['for several', () => assert({ aud: [issuer, 'https://other.example'] })],
    ['that has expired', () => assert({ exp: authority.clock.now() - 60 })],
    ['that is good for an hour', () => assert({ exp: authority.clock.now() + 3600 })],
    ['without an end', () => assert({ exp: undefined })],
    ['without an id', () => assert({ jti: undefined })],
    ['by another client', () => assert({ iss: orders.clientId })],
    ['about another client', () => assert({ sub: orders.clientId })],
    ['that is none', async () => 'a.b.c'],
  ])('is refused: one %s', async (_, make) => {
    expect((await ask(await make())).status).toBe(401)
  })

  test('a private key is not kept', async () => {
    const secret = { keys: [privateKey.export({ format: 'jwk' })] }
    const body = { name: 'x', scopes: [], jwks: secret }
    const answer = await call('POST /admin/clients', { token: admin.accessToken, body })
    expect(answer.status).toBe(400)
  })
})

describe('introspection', () => {
  const ask = async (token: string) =>
    (await post('introspect', { token }, basic(orders))).body as Record<string, unknown>

  test('of a good access token says what it says', async () => {
    const { accessToken, id, sessionId } = await signUp(authority.from())
    expect(await ask(accessToken)).toMatchObject({
      active: true,
      iss: issuer,
      sub: id,
      sid: sessionId,
      token_type: 'Bearer',
    })
  })

  test('of a refresh token says how long it would be good', async () => {
    const { refreshToken, id } = await signUp(authority.from())
    expect(await ask(refreshToken)).toMatchObject({
      active: true,
      sub: id,
      token_type: 'refresh_token',
    })
  })

  test('of a token of a client says its scope', async () => {
    const token = tokenOf(await post('token', grant, basic(orders)))
    expect(await ask(token)).toMatchObject({ active: true, client_id: orders.clientId })
  })

  test.each<[string, (person: Person) => Promise<string>]>([
    ['is none', async () => 'a.b.c'],
    ['is another text', async () => 'hello'],
    [
      'was signed out',
      async ({ accessToken, refreshToken }) => {
        await call('POST /logout', { body: { refreshToken } })
        return accessToken
      },
    ],
    [
      'was refreshed',
      async ({ refreshToken }) => {
        tokensOf(await refreshWith(call, refreshToken))
        return refreshToken
      },
    ],
    [
      'is of a user who is blocked',
      async ({ id, accessToken }) => {
        const body = { status: 'blocked' }
        await call(`PATCH /admin/users/${id}`, { token: admin.accessToken, body })
        return accessToken
      },
    ],
    [
      'has expired',
      async ({ accessToken }) => {
        authority.clock.advance(1000)
        admin = await signUpAdmin(authority, call)
        return accessToken
      },
    ],
  ])('of a token that %s says no, and not why', async (_, make) => {
    expect(await ask(await make(await signUp(authority.from())))).toEqual({ active: false })
  })

  test('is not for clients without the scope', async () => {
    const client = await makeClient(['orders:write'])
    const answer = await post('introspect', { token: 'a.b.c' }, basic(client))
    expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
  })
})

describe('revocation (RFC 7009)', () => {
  test.each(['accessToken', 'refreshToken'] as const)(
    'with the %s in hand the session ends',
    async (kind) => {
      const person = await signUp(authority.from())
      expect((await post('revoke', { token: person[kind] })).status).toBe(200)
      expect(await statusOf(call, person.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      expect((await refreshWith(call, person.refreshToken)).status).toBe(401)
    },
  )

  test('of what is not known is a success', async () => {
    expect((await post('revoke', { token: 'unknown' })).status).toBe(200)
  })

  test('by a client that does not prove itself changes nothing', async () => {
    const { accessToken: token } = await signUp(authority.from())
    const wrong = basic({ ...orders, clientSecret: 'no' })
    expect((await post('revoke', { token }, wrong)).status).toBe(401)
    expect(await statusOf(call, token)).toMatchObject({ status: 200 })
  })

  test('by a client that does works', async () => {
    const { accessToken: token } = await signUp(authority.from())
    expect((await post('revoke', { token }, basic(orders))).status).toBe(200)
    expect(await statusOf(call, token)).toMatchObject({ code: 'TOKEN_REVOKED' })
  })
})

test('no list shows a secret', async () => {
  const { text } = await call('GET /admin/clients', { token: admin.accessToken })
  expect(text).toContain(orders.clientId)
  expect(text).not.toContain(orders.clientSecret)
})
