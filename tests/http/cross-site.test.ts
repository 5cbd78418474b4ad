import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Authority, issuer, openAuthority, trustedOrigin } from './authority.ts'
import { openBrowser, refreshCookieName } from './browser.ts'
import type { Answer } from './client.ts'
import { bare, mounts } from './mounts.ts'
import { newCredentials, signUp, statusOf, tokensOf } from './people.ts'

// What a browser says of where a request comes from, and what may come of it (lesson 21).

interface Source {
  readonly from: string
  readonly headers: Readonly<Record<string, string>>
}

const site = 'sec-fetch-site'

const ours: readonly Source[] = [
  { from: 'a page of the authority', headers: { [site]: 'same-origin', origin: issuer } },
  { from: 'a page of the authority, GET-like', headers: { [site]: 'same-origin' } },
  { from: 'a trusted page elsewhere', headers: { [site]: 'cross-site', origin: trustedOrigin } },
  { from: 'a trusted sibling', headers: { [site]: 'same-site', origin: trustedOrigin } },
  { from: 'a trusted page in an old browser', headers: { origin: trustedOrigin } },
  { from: 'a trusted page in an older one', headers: { referer: `${trustedOrigin}/a?b` } },
]

const foreign: readonly Source[] = [
  { from: 'another site', headers: { [site]: 'cross-site', origin: 'https://evil.example' } },
  { from: 'a sibling', headers: { [site]: 'same-site', origin: 'https://blog.example.com' } },
  { from: 'a sandboxed frame', headers: { [site]: 'cross-site', origin: 'null' } },
  { from: 'a form without a word of its origin', headers: { [site]: 'cross-site' } },
  { from: 'a link or bookmark', headers: { [site]: 'none' } },
  { from: 'an old browser elsewhere', headers: { origin: 'https://evil.example' } },
  { from: 'an older one elsewhere', headers: { referer: 'https://evil.example/' } },
  { from: 'a page with our name in front', headers: { origin: `${trustedOrigin}.evil.example` } },
  { from: 'a page with our name behind', headers: { origin: `https://evil.${issuer.slice(8)}` } },
  { from: 'our host over http', headers: { origin: issuer.replace('https', 'http') } },
  { from: 'our host on another port', headers: { origin: `${issuer}:8443` } },
]

const silent: Source = { from: 'a caller who says nothing', headers: {} }

const refused = { status: 403, body: { code: 'ORIGIN_REFUSED' } }

describe.each(mounts)('$name:', (mount) => {
  let authority: Authority
  beforeAll(async () => {
    authority = await openAuthority({ mount, rateLimits: 'off' })
  })
  afterAll(() => authority.close())

  async function signedInBrowser() {
    const browser = openBrowser(authority.from())
    const { accessToken } = tokensOf(
      await browser.call('POST /register', { body: newCredentials() }),
    )
    return { cookie: browser.cookieHeader(), accessToken }
  }

  for (const line of ['POST /refresh', 'POST /logout']) {
    test.each(ours)(`${line} with a cookie is open to $from (lesson 21)`, async ({ headers }) => {
      const { cookie } = await signedInBrowser()
      const answer = await authority.from()(line, { headers: { cookie, ...headers } })
      expect(answer.status).toBe(200)
    })

    test.each([...foreign, silent])(
      `${line} with a cookie is closed to $from, and the session lives (lesson 21)`,
      async ({ headers }) => {
        const { cookie, accessToken } = await signedInBrowser()
        const call = authority.from()
        const answer = await call(line, { headers: { cookie, ...headers } })
        expect(answer).toMatchObject({ ...refused, cookies: [] })
        expect(await statusOf(call, accessToken)).toMatchObject({ status: 200 })
        const own = { cookie, [site]: 'same-origin' }
        expect((await call('POST /refresh', { headers: own })).status).toBe(200)
      },
    )
  }

  test.each([...ours, silent])(
    'sign-in and registration are open to $from',
    async ({ headers }) => {
      const call = authority.from()
      const body = newCredentials()
      expect((await call('POST /register', { headers, body })).status).toBe(201)
      expect((await call('POST /login', { headers, body })).status).toBe(200)
    },
  )

  test.each(foreign)(
    'sign-in and registration are closed to $from, and set no cookie (lesson 21)',
    async ({ headers }) => {
      const call = authority.from()
      const person = await signUp(call)
      const login = await call('POST /login', { headers, body: credentialsOf(person) })
      expect(login).toMatchObject({ ...refused, cookies: [] })
      const register = await call('POST /register', { headers, body: newCredentials() })
      expect(register).toMatchObject({ ...refused, cookies: [] })
    },
  )

  test('every other endpoint that changes something is closed to another site too (lesson 21)', async () => {
    const call = authority.from()
    const { accessToken: token } = await signUp(call)
    const headers = { [site]: 'cross-site', origin: 'https://evil.example' }
    for (const line of changingLines) {
      expect(await call(line, { token, headers }), line).toMatchObject(refused)
    }
  })

  test('a content type that a form can send is refused, whatever it carries (lesson 21)', async () => {
    const { cookie } = await signedInBrowser()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { cookie, [site]: 'same-origin', 'content-type': type }
      const answer = await authority.from()('POST /refresh', { headers, bytes: '{}' })
      expect(answer.status, type).toBe(415)
    }
  })

  test('GET changes nothing: no endpoint that does answers it (lesson 21)', async () => {
    for (const line of ['refresh', 'logout', 'login', 'register', 'password/change']) {
      expect((await authority.from()(`GET /${line}`)).status, line).toBe(405)
    }
  })

  test('a preflight is granted to listed origins, and to no others (lesson 21)', async () => {
    const ask = (origin: string) =>
      authority.from()('OPTIONS /refresh', {
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,idempotency-key',
        },
      })
    const granted = await ask(trustedOrigin)
    expect(granted).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': trustedOrigin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      },
    })
    expect(granted.headers['access-control-allow-headers']).toContain('Idempotency-Key')
    for (const origin of ['https://evil.example', 'null', '*', `${trustedOrigin}.evil.example`]) {
      const answer = await ask(origin)
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  test('errors can be read by listed origins as answers can (lesson 21)', async () => {
    const headers = { origin: trustedOrigin }
    const answer = await authority.from()('GET /profile', { headers })
    expect(answer).toMatchObject({
      status: 401,
      headers: {
        'access-control-allow-origin': trustedOrigin,
        'access-control-expose-headers': expect.stringContaining('Retry-After'),
      },
    })
  })
})

const changingLines = [
  'PATCH /profile',
  'DELETE /profile',
  'POST /password/change',
  'DELETE /sessions',
  'DELETE /sessions/ses_AAAAAAAAAAAAAAAAAAAAAA',
  'PATCH /admin/users/nobody',
  'DELETE /admin/users/nobody',
  'DELETE /admin/users/nobody/sessions',
  'PUT /admin/roles/editor',
  'DELETE /admin/roles/editor',
  'POST /admin/keys/rotate',
]

describe('in development, over http on loopback,', () => {
  const origin = 'http://localhost:4000'

  test('cookies have no prefix and are not Secure, and pages of the issuer get through (G7)', async () => {
    const authority = await openAuthority({ mount: bare, issuer: origin, production: false })
    const call = authority.from()
    const registered = await call('POST /register', { headers: { origin }, body: newCredentials() })
    expect(nameOfCookies(registered)).toEqual(['refresh_token', 'device'])
    const cookie = registered.cookies.map((header) => header.split(';', 1)[0]).join('; ')
    const refreshed = await call('POST /refresh', { headers: { cookie, origin } })
    expect(refreshed.status).toBe(200)
    const prefixed = cookie.replace('refresh_token', refreshCookieName)
    const shadow = await call('POST /refresh', { headers: { cookie: prefixed, origin } })
    expect(shadow).toMatchObject({ body: { code: 'REFRESH_TOKEN_MISSING' } })
    await authority.close()
  })
})

function nameOfCookies({ cookies }: Answer): (string | undefined)[] {
  return cookies.map((header) => header.split('=', 1)[0])
}

function credentialsOf({ email, password }: { email: string; password: string }) {
  return { email, password }
}
