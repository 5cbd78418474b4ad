import {
  type AccessToken,
  KeysUnavailableError,
  TokenError,
  type Verifier,
} from '@countersign/verify'
import * as forExpress from '@countersign/verify/express'
import * as forFastify from '@countersign/verify/fastify'
import * as forHono from '@countersign/verify/hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  expressApplication,
  fastifyApplication,
  honoApplication,
  type Sent,
} from './applications.ts'

// One list of cases, run through the same application in each framework.

const goodTokens: Readonly<Record<string, Partial<AccessToken>>> = {
  plain: {},
  admin: { roles: ['admin'] },
  editor: { roles: ['editor'] },
  reader: { permissions: ['reports:read'], scope: 'reports:read' },
  writer: { permissions: ['reports:read', 'reports:write'], scope: 'reports:write reports:read' },
}

/** Tokens are named after what becomes of them; those with `later-` need keys to be fetched. */
const verifier: Verifier = {
  revocation: null,
  verify: async (token) => judge(token),
  verifyNow: (token) =>
    token.startsWith('later-') ? Promise.resolve(token.slice(6)).then(judge) : judge(token),
}

function judge(token: string): AccessToken {
  if (token === 'expired') throw new TokenError('TOKEN_EXPIRED', 'secret detail')
  if (token === 'revoked') throw new TokenError('TOKEN_REVOKED', 'secret detail')
  if (token === 'keyless') throw new KeysUnavailableError(7)
  if (token === 'broken') throw new RangeError('secret detail')
  const claims = goodTokens[token]
  if (!claims) throw new TokenError('TOKEN_INVALID', 'secret detail')
  return { iss: 'https://issuer.example', sub: token, aud: 'api', exp: 2, iat: 1, ...claims }
}

type Headers = NonNullable<Sent['headers']>

const get = (path: string, headers: Headers = []): Sent => ({ path, headers })
const bearer = (token: string): Headers => [['Authorization', `Bearer ${token}`]]

/** What a refused request is answered with, besides the code. */
const missing = { status: 401, challenge: 'Bearer realm="api"' }
const refused = { status: 401, challenge: 'Bearer realm="api", error="invalid_token"' }
const malformed = { status: 400, challenge: 'Bearer realm="api", error="invalid_request"' }
const forbidden = { status: 403 }
const outOfScope = {
  status: 403,
  challenge: 'Bearer realm="api", error="insufficient_scope", scope="reports:read reports:write"',
}
const unavailable = { status: 503, retryAfter: '7' }

interface Refusal {
  readonly status: number
  readonly challenge?: string
  readonly retryAfter?: string
}

const identityHeaders: Headers = [
  ['X-User', 'admin'],
  ['X-Forwarded-User', 'admin'],
  ['X-Auth-Request-User', 'admin'],
]

const refusals: readonly [what: string, request: Sent, code: string, refusal: Refusal][] = [
  ['no credentials (G8)', get('/me'), 'TOKEN_MISSING', missing],
  ['another scheme', get('/me', [['Authorization', 'Basic YTpi']]), 'TOKEN_MISSING', missing],
  ['a token in the query', get('/me?access_token=admin'), 'TOKEN_MISSING', missing],
  ['a token in a cookie', get('/me', [['Cookie', 'auth=admin']]), 'TOKEN_MISSING', missing],
  ['identity headers (lesson 25)', get('/me', identityHeaders), 'TOKEN_MISSING', missing],
  ['DELETE without a token', { path: '/me', method: 'DELETE' }, 'TOKEN_MISSING', missing],
  ['OPTIONS without a token', { path: '/me', method: 'OPTIONS' }, 'TOKEN_MISSING', missing],
  [
    'no credentials in another realm',
    get('/realm'),
    'TOKEN_MISSING',
    { status: 401, challenge: 'Bearer realm="books"' },
  ],
  [
    'two Authorization headers (lesson 25)',
    get('/me', [...bearer('plain'), ['AUTHORIZATION', 'Bearer admin']]),
    'VALIDATION_FAILED',
    malformed,
  ],
  [
    'the same Authorization header twice',
    get('/me', [...bearer('plain'), ...bearer('plain')]),
    'VALIDATION_FAILED',
    malformed,
  ],
  ['two tokens', get('/me', bearer('plain, Bearer admin')), 'VALIDATION_FAILED', malformed],
  ['no token', get('/me', [['Authorization', 'Bearer']]), 'VALIDATION_FAILED', malformed],
  ['a wrong token (G8)', get('/me', bearer('wrong')), 'TOKEN_INVALID', refused],
  ['an expired token', get('/me', bearer('expired')), 'TOKEN_EXPIRED', refused],
  ['a revoked token', get('/me', bearer('revoked')), 'TOKEN_REVOKED', refused],
  ['a wrong token after a wait', get('/me', bearer('later-wrong')), 'TOKEN_INVALID', refused],
  ['an expired token after a wait', get('/me', bearer('later-expired')), 'TOKEN_EXPIRED', refused],
  ['a token without keys', get('/me', bearer('keyless')), 'UNAVAILABLE', unavailable],
  [
    'one without keys after a wait',
    get('/me', bearer('later-keyless')),
    'UNAVAILABLE',
    unavailable,
  ],
  ['a missing role (G8)', get('/role', bearer('editor')), 'FORBIDDEN', forbidden],
  ['none of two roles', get('/any-role', bearer('plain')), 'FORBIDDEN', forbidden],
  ['one of two permissions', get('/permissions', bearer('reader')), 'FORBIDDEN', forbidden],
  ['one of two scopes', get('/scopes', bearer('reader')), 'FORBIDDEN', outOfScope],
  ['a spoofed role (lesson 25)', get('/spoofed', bearer('plain')), 'FORBIDDEN', forbidden],
]

const passing: readonly [what: string, request: Sent, body: string][] = [
  ['a good token', get('/me', bearer('plain')), 'user plain'],
  ['a good token after a wait', get('/me', bearer('later-plain')), 'user plain'],
  ['a scheme in capitals', get('/me', [['AUTHORIZATION', 'BEARER plain']]), 'user plain'],
  ['DELETE', { path: '/me', method: 'DELETE', headers: bearer('plain') }, 'user plain'],
  ['the role', get('/role', bearer('admin')), 'user admin'],
  ['one of two roles', get('/any-role', bearer('editor')), 'user editor'],
  ['both permissions', get('/permissions', bearer('writer')), 'user writer'],
  ['both scopes', get('/scopes', bearer('writer')), 'user writer'],
  ['the role where errors are forwarded', get('/forward/role', bearer('admin')), 'user admin'],
]

const forwarded: readonly [what: string, request: Sent, code: string, refusal: Refusal][] = [
  ['a missing token', get('/forward/role'), 'TOKEN_MISSING', missing],
  ['an expired token', get('/forward/role', bearer('expired')), 'TOKEN_EXPIRED', refused],
  ['one after a wait', get('/forward/role', bearer('later-expired')), 'TOKEN_EXPIRED', refused],
  ['a token without keys', get('/forward/role', bearer('keyless')), 'UNAVAILABLE', unavailable],
  ['a missing scope', get('/forward/scopes', bearer('reader')), 'FORBIDDEN', outOfScope],
]

const failures: readonly [what: string, request: Sent][] = [
  ['a verifier that breaks', get('/me', bearer('broken'))],
  ['a verifier that breaks after a wait', get('/me', bearer('later-broken'))],
  ['authorize() without authenticate()', get('/alone', bearer('admin'))],
]

// Whether a router takes them for `/me` or not: without a token they lead to no handler.
const spellings = ['/me/', '//me', '/ME', '/%6De', '/me%2F', '/./me', '/x/../me', '/me;a', '/me%00']

describe.each([
  ['Express', expressApplication(verifier, judge('admin'))],
  ['Fastify', fastifyApplication(verifier, judge('admin'))],
  ['Hono', honoApplication(verifier, judge('admin'))],
])('the guards for %s', (_, application) => {
  beforeAll(() => application.start())
  afterAll(() => application.stop())

  test.each(passing)('let %s pass', async (_what, request, body) => {
    expect(await application.send(request)).toMatchObject({ status: 200, body })
  })

  test.each(refusals)('refuse %s', async (_what, request, code, refusal) => {
    const { status, headers, body } = await application.send(request)
    expect({
      status,
      challenge: headers['www-authenticate'],
      retryAfter: headers['retry-after'],
      cacheControl: headers['cache-control'],
      contentType: headers['content-type'],
      body: JSON.parse(body),
    }).toEqual({
      ...refusal,
      cacheControl: 'no-store',
      contentType: 'application/problem+json; charset=utf-8',
      body: {
        type: `urn:countersign:problem:${code.toLowerCase().replaceAll('_', '-')}`,
        title: expect.stringMatching(/^[A-Z].*\.$/),
        status,
        code,
      },
    })
  })

  test('answer HEAD like GET, without a body', async () => {
    const { status, headers, body } = await application.send({ path: '/me', method: 'HEAD' })
    expect({ status, challenge: headers['www-authenticate'], body }).toEqual({
      ...missing,
      body: '',
    })
  })

  test.each(forwarded)(
    'hand %s to the error handler when told to',
    async (_what, request, code, refusal) => {
      const { status, headers, body } = await application.send(request)
      expect({
        status,
        challenge: headers['www-authenticate'],
        retryAfter: headers['retry-after'],
        cacheControl: headers['cache-control'],
        body,
      }).toEqual({ ...refusal, cacheControl: 'no-store', body: `handled ${code}` })
    },
  )

  test.each(failures)('hand %s to the error handler (lesson 24)', async (_what, request) => {
    expect(await application.send(request)).toMatchObject({ status: 500, body: 'failed' })
  })

  test.each(spellings)('let nobody through at %s (lesson 20)', async (path) => {
    const { status, body } = await application.send({ path })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body).not.toContain('user')
  })

  test('answer alike whatever is wrong with a token (lesson 9)', async () => {
    const wrong = [
      'x',
      'a.b.c',
      '..',
      'x'.repeat(4000),
      'eyJhbGciOiJub25lIn0.e30.',
      '%00',
      '<b>',
      '"',
    ]
    const answers = await Promise.all(
      wrong.map((token) => application.send(get('/me', bearer(token)))),
    )
    const seen = answers.map(({ status, headers, body }) =>
      JSON.stringify([status, headers['www-authenticate'], body]),
    )
    expect(new Set(seen).size).toBe(1)
  })
})

describe.each([
  ['Express', forExpress],
  ['Fastify', forFastify],
  ['Hono', forHono],
])('the guards for %s are not made', (_, { authenticate, authorize }) => {
  test.each([
    ['from verifier options that are wrong', () => authenticate({ issuer: '', audience: '' })],
    ['with a wrong option for authenticate', () => authenticate(verifier, { realm: '"' })],
    ['without a requirement', () => authorize({ role: [] })],
    ['with a wrong option for authorize', () => authorize({ role: 'admin' }, { realm: '"' })],
  ])('%s', (_what, make) => {
    expect(make).toThrow(TypeError)
  })
})
