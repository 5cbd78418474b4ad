import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { KeysUnavailableError } from '../keys/key-source.ts'
import type { AccessToken } from '../token/access-token.ts'
import { TokenError, type TokenErrorCode } from '../token/token-error.ts'
import type { Verifier } from '../token/verifier.ts'
import { authenticateRequest } from './authenticate-request.ts'
import { GuardError } from './guard-error.ts'
import { problemAnswer } from './problem.ts'

const claims: AccessToken = { iss: 'https://issuer.example', sub: 'u', aud: 'api', exp: 2, iat: 1 }

/** A verifier that does one thing whatever the token. */
function verifierThat(verifyNow: Verifier['verifyNow']): Verifier {
  return { verifyNow, verify: async (token) => verifyNow(token), revocation: null }
}

const authenticate = (verifier: Verifier, authorization = 'Bearer a.b.c') =>
  authenticateRequest(
    { verifier, realm: 'api', policy: 'default' },
    { method: 'GET', authorization: [authorization] },
  )

/** The answer to what is thrown, at once or later. */
async function refusalOf(run: () => unknown): Promise<GuardError> {
  try {
    await run()
  } catch (error) {
    if (error instanceof GuardError) return error
    throw error
  }
  throw new Error('The request passed.')
}

function fail(error: Error): Verifier['verifyNow'] {
  return () => {
    throw error
  }
}

test('a token that is good at once is given without a promise', () => {
  expect(authenticate(verifierThat(() => claims))).toBe(claims)
})

test('the verifier gets the token and nothing else of the header', async () => {
  const echo = verifierThat((token) => ({ ...claims, sub: token }))
  expect(await authenticate(echo, 'bearer  a.b.c')).toMatchObject({ sub: 'a.b.c' })
})

test.each<TokenErrorCode>(['TOKEN_INVALID', 'TOKEN_EXPIRED', 'TOKEN_REVOKED'])(
  '%s is told apart from a request without credentials (G8)',
  async (code) => {
    const error = await refusalOf(() => authenticate(verifierThat(fail(new TokenError(code, 'x')))))
    expect(error).toMatchObject({
      code,
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm="api", error="invalid_token"' },
    })
  },
)

test('a token that is refused later is refused in the same way', async () => {
  const verifier = verifierThat(async () => fail(new TokenError('TOKEN_EXPIRED', 'x'))(''))
  expect(await refusalOf(() => authenticate(verifier))).toMatchObject({ code: 'TOKEN_EXPIRED' })
})

test('a token that is refused by a promise of another realm is refused', async () => {
  const PromiseElsewhere = runInNewContext('Promise') as PromiseConstructor
  const verifier = verifierThat(() =>
    PromiseElsewhere.reject(new TokenError('TOKEN_INVALID', 'bad signature')),
  )
  const answer = authenticate(verifier)
  expect(answer).toBeInstanceOf(Promise)
  expect(await refusalOf(() => answer)).toMatchObject({ code: 'TOKEN_INVALID' })
})

test('keys that cannot be had are no fault of the token', async () => {
  const error = await refusalOf(() => authenticate(verifierThat(fail(new KeysUnavailableError(7)))))
  expect(error).toMatchObject({ code: 'UNAVAILABLE', status: 503, headers: { 'Retry-After': '7' } })
  expect(error.headers).not.toHaveProperty('WWW-Authenticate')
})

test('an error nobody expected lets nobody pass (lesson 24)', async () => {
  const broken = new RangeError('broken')
  expect(() => authenticate(verifierThat(fail(broken)))).toThrow(broken)
  await expect(authenticate(verifierThat(() => Promise.reject(broken)))).rejects.toThrow(broken)
})

test('every reason to refuse a token gives one and the same answer (lesson 9)', async () => {
  const details = ['bad signature', 'wrong issuer', 'not a JWT', 'aud is a number']
  const answers = await Promise.all(
    details.map(async (detail) => {
      const verifier = verifierThat(fail(new TokenError('TOKEN_INVALID', detail)))
      return JSON.stringify(problemAnswer(await refusalOf(() => authenticate(verifier))))
    }),
  )
  expect(new Set(answers).size).toBe(1)
})

test('an answer holds nothing of the request, its error the reason for the log', async () => {
  const cause = new TokenError('TOKEN_INVALID', 'secret reason')
  const error = await refusalOf(() => authenticate(verifierThat(fail(cause)), 'Bearer s3cret"'))
  expect(JSON.stringify(problemAnswer(error))).not.toMatch(/s3cret|secret reason/)
  expect(error.cause).toBe(cause)
})

test('an answer is problem details that no cache keeps', async () => {
  const error = await refusalOf(() =>
    authenticateRequest(
      { verifier: verifierThat(() => claims), realm: 'api', policy: 'default' },
      { method: 'GET', authorization: [] },
    ),
  )
  expect(problemAnswer(error)).toEqual({
    status: 401,
    headers: {
      'Cache-Control': 'no-store',
      'Content-Type': 'application/problem+json; charset=utf-8',
      'WWW-Authenticate': 'Bearer realm="api"',
    },
    body: JSON.stringify({
      type: 'urn:countersign:problem:token-missing',
      title: 'There is no access token in the request.',
      status: 401,
      code: 'TOKEN_MISSING',
    }),
  })
})
