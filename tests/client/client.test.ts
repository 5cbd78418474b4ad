import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientError, TokenStorage } from '@countersign/client'
import { fileStorage } from '@countersign/client/node'
import { describe, expect, test } from 'vitest'
import { ada, at, calm, codeOf, given, memoryStorage, profile } from './world.ts'

describe('a program that keeps its token itself', () => {
  test('signs up, calls, signs out', async () => {
    const { client } = given()
    expect(client.session.current).toEqual({ status: 'unknown' })
    const user = await client.register(ada)
    expect(user).toMatchObject({ email: ada.email, emailVerified: false })
    expect(client.session.current).toMatchObject({ status: 'signedIn', user: { id: user?.id } })
    expect((await profile(client)).status).toBe(200)
    await client.logout()
    expect(client.session.current).toEqual({ status: 'signedOut' })
    expect(await codeOf(profile(client))).toBe('NOT_SIGNED_IN')
  })

  test('goes on after a restart with what it kept, and never before it was kept', async () => {
    const storage = memoryStorage()
    const first = given({ storage })
    await first.client.register(ada)
    first.client.close()
    const second = given({ storage })
    expect((await second.client.restore()).status).toBe('signedIn')
    expect((await profile(second.client)).status).toBe(200)
  })

  test('sends the same key with every try, so that a lost answer is no theft', async () => {
    const storage = memoryStorage()
    const { client } = given({ storage })
    await client.register(ada)
    client.close()
    const again = given({ storage })
    const keys = new Set<string | null>()
    let lost = 0
    again.network.current = async (go, { path, headers }) => {
      if (!path.endsWith('/refresh')) return go()
      keys.add(headers.get('idempotency-key'))
      const response = await go()
      if (lost++ < 3) throw new TypeError('the answer was lost')
      return response
    }
    for (let attempt = 0; attempt < 3; attempt++) await again.client.restore()
    expect(again.client.session.current.status).toBe('unknown')
    expect((await again.client.restore()).status).toBe('signedIn')
    expect(keys.size).toBe(1)
  })

  test('is told the codes of the authority', async () => {
    const { client } = given()
    await client.register(ada)
    expect(await codeOf(client.login({ ...ada, password: 'not-the-password' }))).toBe(
      'INVALID_CREDENTIALS',
    )
    const weak = await given()
      .client.register({ email: 'bob@example.com', password: 'password1' })
      .catch((error: unknown) => error)
    expect(weak).toMatchObject({ code: 'PASSWORD_REJECTED', status: 422 })
    expect((weak as ClientError).errors[0]).toMatchObject({ path: 'password', code: 'COMMON' })
  })

  test('keeps its token in a file that its owner alone may read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
    const path = join(folder, 'session')
    const { client } = given({ storage: fileStorage(path) })
    await client.register(ada)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await given({ storage: fileStorage(path) }).client.restore()).status).toBe('signedIn')
    await client.logout()
    expect(await fileStorage(path).get()).toBeNull()
    rmSync(folder, { recursive: true })
  })
})

describe('what is no definite no signs nobody out', () => {
  const html = (status: number) =>
    new Response('<html>Please accept the terms</html>', {
      status,
      headers: { 'content-type': 'text/html' },
    })
  const problem = (status: number, code: string) =>
    Response.json(
      { title: 'No.', status, code },
      {
        status,
        headers: { 'content-type': 'application/problem+json' },
      },
    )
  const json = (body: unknown) => Response.json(body)

  test.each<[string, () => Response | Promise<Response>]>([
    ['no network', () => Promise.reject(new TypeError('fetch failed'))],
    ['a captive portal', () => html(200)],
    ['a page of a proxy with 401', () => html(401)],
    ['a 502 of a proxy', () => html(502)],
    ['503', () => problem(503, 'UNAVAILABLE')],
    ['429', () => problem(429, 'RATE_LIMITED')],
    ['409 every time', () => problem(409, 'REFRESH_SUPERSEDED')],
    ['401 with a code nobody knows', () => problem(401, 'SOMETHING_NEW')],
    ['JSON of something else', () => json({ hello: 'world' })],
    ['JSON null', () => json(null)],
    ['tokens of wrong types', () => json({ accessToken: 7, expiresIn: '900', sessionId: null })],
    [
      'a token with a line break',
      () => json({ accessToken: 'a\nb', expiresIn: 9, sessionId: 's' }),
    ],
    [
      'truncated JSON',
      () => new Response('{"accessToken":"ey', { headers: { 'content-type': 'application/json' } }),
    ],
    ['an empty answer', () => new Response(null, { status: 200 })],
    ['an expiry of zero', () => json({ accessToken: 'a', expiresIn: 0, sessionId: 's' })],
  ])('%s', async (_, answer) => {
    const storage = memoryStorage()
    await given({ storage }).client.register(ada)
    const { client, network } = given({ storage })
    network.current = async (go, { path }) => (path.endsWith('/refresh') ? await answer() : go())
    expect((await client.restore()).status).toBe('unknown')
    expect(storage.value).not.toBeNull()
    network.current = calm
    expect((await client.restore()).status).toBe('signedIn')
  })

  test.each(['REFRESH_TOKEN_EXPIRED', 'SESSION_REVOKED', 'REFRESH_TOKEN_REUSED'])(
    'but a 401 with %s does',
    async (code) => {
      const storage = memoryStorage()
      await given({ storage }).client.register(ada)
      const { client, network } = given({ storage })
      network.current = async () => problem(401, code)
      expect((await client.restore()).status).toBe('signedOut')
      expect(storage.value).toBeNull()
    },
  )

  test('signing out that nobody heard of is no signing out', async () => {
    const { client, network } = given()
    await client.register(ada)
    network.current = () => Promise.reject(new TypeError('fetch failed'))
    expect(await codeOf(client.logout())).toBe('UNREACHABLE')
    expect(client.session.current.status).toBe('signedIn')
  })

  test('a storage that throws is told as that, and kills no timer', async () => {
    const broken: TokenStorage = {
      get: () => Promise.reject(new Error('locked')),
      set: () => Promise.reject(new Error('full')),
      delete: () => Promise.reject(new Error('gone')),
    }
    const { client } = given({ storage: broken })
    expect(await codeOf(client.register(ada))).toBe('STORAGE_FAILED')
    expect((await client.restore()).status).toBe('unknown')
  })

  test('a storage that holds nonsense is an empty one', async () => {
    for (const value of ['', 'x', '{}', '[]', '{"refreshToken":7,"key":"k"}', 'null']) {
      const storage = { ...memoryStorage(), get: async () => value }
      expect((await given({ storage }).client.restore()).status).toBe('signedOut')
    }
  })
})

describe('calls', () => {
  test('get the token at listed origins, and nowhere else', async () => {
    const { client } = given()
    await client.register(ada)
    expect(await codeOf(client.fetch('https://evil.example/'))).toBe('ORIGIN_NOT_LISTED')
    expect(await codeOf(client.fetch('http://localhost.evil.example/'))).toBe('ORIGIN_NOT_LISTED')
    const api = given({ apiOrigins: ['http://127.0.0.1:9'] })
    await api.client.login(ada)
    await expect(api.client.fetch('http://127.0.0.1:9/')).rejects.toThrow()
  })

  test('a token that is refused is renewed once, and the request is sent again with its body', async () => {
    const { client, network } = given()
    await client.register(ada)
    let renewals = 0
    const refused = () =>
      new Response(null, {
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    let isFirst = true
    network.current = async (go, { path }) => {
      if (path.endsWith('/refresh')) renewals++
      if (path !== '/api/auth/profile' || !isFirst) return go()
      isFirst = false
      return refused()
    }
    const body = JSON.stringify({ name: 'Ada' })
    const headers = { 'content-type': 'application/json' }
    const request = new Request(`${at.baseUrl}/profile`, { method: 'PATCH', body, headers })
    const answer = await client.fetch(request)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ user: { name: 'Ada' } })
    expect(renewals).toBe(1)
  })

  test('what is refused for another reason, or after that, is handed over as it is', async () => {
    const { client, network } = given()
    await client.register(ada)
    let calls = 0
    network.current = async (go, { path }) => {
      if (path !== '/api/auth/profile') return go()
      calls++
      return new Response(null, {
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    }
    expect((await profile(client)).status).toBe(401)
    expect(calls).toBe(2)
  })

  test('many at once share one renewal', async () => {
    const storage = memoryStorage()
    await given({ storage }).client.register(ada)
    const { client, network } = given({ storage })
    let renewals = 0
    network.current = async (go, { path }) => {
      if (path.endsWith('/refresh')) renewals++
      return go()
    }
    const answers = await Promise.all(Array.from({ length: 20 }, () => profile(client)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(renewals).toBe(1)
  })
})

test('listeners hear of every change, and one that throws stops nothing', async () => {
  const { client } = given()
  const seen: string[] = []
  const unsubscribe = client.session.subscribe(() => seen.push(client.session.current.status))
  await client.register(ada)
  await client.logout()
  unsubscribe()
  await client.login(ada)
  expect(seen).toEqual(['signedIn', 'signedOut'])
})
