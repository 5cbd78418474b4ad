import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { nodeHandler } from 'countersign/node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Authority, basePath, openAuthority } from './authority.ts'
import { refreshCookieName } from './browser.ts'
import { mounts } from './mounts.ts'
import { type Person, refreshWith, signUp } from './people.ts'
import { rawRequest, sendRaw } from './raw.ts'

// What an HTTP client would not send: written to the socket as it stands.

const profile = `${basePath}/profile`

describe.each(mounts)('$name:', (mount) => {
  let authority: Authority
  let person: Person
  let authorization: string

  beforeAll(async () => {
    authority = await openAuthority({ mount })
    person = await signUp(authority.from())
    authorization = `Authorization: Bearer ${person.accessToken}`
  })
  afterAll(() => authority.close())

  const statusesOf = async (text: string) =>
    (await sendRaw(authority.port, text)).map(({ status }) => status)

  test('two Authorization headers are refused, and so is a second of another scheme (lesson 25)', async () => {
    const basic = 'Authorization: Basic YTpi'
    for (const headers of [
      [authorization, authorization],
      [authorization, basic],
      [basic, authorization],
    ]) {
      const [status] = await statusesOf(rawRequest(`GET ${profile} HTTP/1.1`, headers))
      expect([400, 401]).toContain(status)
    }
  })

  test('two refresh cookies in two headers are refused, and the session goes on (lesson 23)', async () => {
    const cookie = `Cookie: ${refreshCookieName}=${person.refreshToken}`
    const headers = [cookie, cookie, 'Sec-Fetch-Site: same-origin']
    const text = rawRequest(`POST ${basePath}/refresh HTTP/1.1`, headers)
    expect(await statusesOf(text)).toEqual([401])
    const { refreshToken } = await signUp(authority.from())
    expect((await refreshWith(authority.from(), refreshToken)).status).toBe(200)
  })

  test('a target in absolute form is guarded alike, and its host is not taken up (lesson 17)', async () => {
    const line = `GET http://evil.example${profile} HTTP/1.1`
    const [stranger] = await sendRaw(authority.port, rawRequest(line))
    expect([401, 404]).toContain(stranger?.status)
    const metadata = 'http://evil.example/.well-known/oauth-authorization-server'
    const [answer] = await sendRaw(authority.port, rawRequest(`GET ${metadata} HTTP/1.1`))
    expect([200, 404]).toContain(answer?.status)
    if (answer?.status === 200) expect(JSON.stringify(answer)).not.toContain('evil.example')
  })

  test.each(['a b', 'evil.example/x', 'user@evil.example', '[::1', 'evil.example:99999'])(
    'the host %j is refused',
    async (host) => {
      const text = rawRequest(`GET ${profile} HTTP/1.1`, [authorization], { host })
      expect(await statusesOf(text)).toEqual([400])
    },
  )

  // In an app these are the framework's to answer.
  if (mount.answersAll) {
    test('a refused host is answered with every header that protects', async () => {
      const text = rawRequest(`GET ${profile} HTTP/1.1`, [], { host: 'a b' })
      const [answer] = await sendRaw(authority.port, text)
      const headers = Object.fromEntries(answer?.headers ?? [])
      expect(headers).toMatchObject({
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: 'VALIDATION_FAILED' })
    })

    test('HTTP/1.0 without a host is answered', async () => {
      expect(await statusesOf(`GET ${profile} HTTP/1.0\r\n${authorization}\r\n\r\n`)).toEqual([200])
    })
  }

  test.each([
    ['doubled slash', `/${profile}`],
    ['doubled slash inside', `${basePath}//profile`],
    ['slash at the end', `${profile}/`],
    ['other case', profile.toUpperCase()],
    ['encoded letter', `${basePath}/pro%66ile`],
    ['encoded slash', `${basePath}%2fprofile`],
    ['parameter', `${profile};x=1`],
    ['tab', `${profile}%09`],
    ['NUL', `${profile}%00`],
    ['suffix', `${profile}.json`],
  ])(
    'a path with a %s is another path, where nothing is (lesson 16, lesson 20)',
    async (_, path) => {
      const text = rawRequest(`GET ${path} HTTP/1.1`, [authorization])
      expect(await statusesOf(text)).toEqual([404])
    },
  )

  test.each([`${basePath}/x/../profile`, `${basePath}/x/%2e%2E/profile`, `${basePath}/./profile`])(
    'the path %s is guarded like the one it resolves to (lesson 20)',
    async (path) => {
      expect(await statusesOf(rawRequest(`GET ${path} HTTP/1.1`))).toEqual([401])
    },
  )

  test('TRACE is refused and shows nothing of the request', async () => {
    const [answer] = await sendRaw(
      authority.port,
      rawRequest(`TRACE ${profile} HTTP/1.1`, [authorization]),
    )
    expect([404, 405]).toContain(answer?.status)
    expect(answer?.body).not.toContain(person.accessToken)
  })

  test.each(['\r', '\n', '\r\n ', '\0'])(
    'a request id with %j in it makes no header of its own',
    async (text) => {
      const id = `X-Request-Id: abc${text}Set-Cookie: stolen=1`
      const [answer] = await sendRaw(
        authority.port,
        rawRequest(`GET ${profile} HTTP/1.1`, [authorization, id]),
      )
      expect(answer?.status).toBe(400)
      expect(answer?.headers.map(([name]) => name)).not.toContain('set-cookie')
    },
  )

  test.each([
    ['length and chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked']],
    ['two lengths', ['Content-Length: 2', 'Content-Length: 5']],
    ['a negative length', ['Content-Length: -2']],
    ['chunks twice', ['Transfer-Encoding: chunked, chunked']],
    ['chunks that are not last', ['Transfer-Encoding: chunked, identity']],
  ])('a body framed by %s is refused', async (_, headers) => {
    const lines = ['Content-Type: application/json', ...headers]
    const text = `${rawRequest(`POST ${basePath}/logout HTTP/1.1`, lines)}{}`
    expect(await statusesOf(text)).toEqual([400])
  })

  test('requests in one go are answered in their order', async () => {
    const kept = (line: string, more = '') => `${line} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
    const body = 'Content-Type: application/json\r\nContent-Length: 2\r\n'
    const text = [
      kept(`GET ${profile}`, `${authorization}\r\n`),
      `${kept(`POST ${basePath}/logout`, body)}{}`,
      kept(`GET ${profile}`),
      rawRequest(`GET ${basePath}/nothing HTTP/1.1`),
    ].join('')
    expect(await statusesOf(text)).toEqual([200, 200, 401, 404])
  })

  test('a caller who leaves in the middle of a body troubles nobody', async () => {
    const line = `POST ${basePath}/logout HTTP/1.1`
    const socket = connect(authority.port, '127.0.0.1')
    const headers = 'Host: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n'
    socket.write(`${line}\r\n${headers}\r\n{"refreshToken":`)
    await pause(50)
    socket.destroy()
    await pause(50)
    const text = rawRequest(`GET ${profile} HTTP/1.1`, [authorization])
    expect(await statusesOf(text)).toEqual([200])
    expect(authority.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })
})

test('a body that does not come is ended by the time-out of the server', async () => {
  const authority = await openAuthority()
  const handle = nodeHandler(authority.auth)
  const timeouts = { requestTimeout: 200, headersTimeout: 200, connectionsCheckingInterval: 50 }
  const server = createServer(timeouts, (request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  const headers = ['Content-Type: application/json', 'Content-Length: 50']
  const [answer] = await sendRaw(port, rawRequest(`POST ${basePath}/login HTTP/1.1`, headers))
  expect(answer?.status).toBe(408)
  server.close()
  await authority.close()
})
