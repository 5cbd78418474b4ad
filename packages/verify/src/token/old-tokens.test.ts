import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { acceptOldTokens, type OldTokensOptions } from './old-tokens.ts'
import { TokenError } from './token-error.ts'
import type { Verifier } from './verifier.ts'

const now = 1_800_000_000
const secret = 'your_access_token_secret_here'
const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** As `jwt.sign(claims, secret)` of jsonwebtoken does. */
function oldToken(
  claims: object,
  { header = { alg: 'HS256', typ: 'JWT' }, key = secret }: { header?: object; key?: string } = {},
): string {
  const data = `${segment(header)}.${segment(claims)}`
  return `${data}.${createHmac('sha256', key).update(data).digest('base64url')}`
}

const fromNewOne = { iss: 'new', sub: 'usr_new', aud: 'api', iat: now, exp: now + 60 }
const newVerifier: Verifier = {
  verify: async () => fromNewOne,
  verifyNow: () => fromNewOne,
  revocation: null,
}

const claims = { _id: '65937d65', username: 'ada', roles: ['admin'], iat: now - 60, exp: now + 900 }

function verifier(options: Partial<OldTokensOptions> = {}, at = now): Verifier {
  return acceptOldTokens(newVerifier, {
    secret,
    until: now + 86_400,
    subjectOf: ({ _id }) => (_id === '65937d65' ? 'usr_ada' : null),
    clock: { now: () => at },
    ...options,
  })
}

test('an old token is taken, and gives its subject and nothing else', async () => {
  expect(await verifier().verify(oldToken(claims))).toEqual({
    iss: '',
    aud: '',
    sub: 'usr_ada',
    iat: claims.iat,
    exp: claims.exp,
  })
  expect(await verifier().verifyNow(oldToken(claims))).toMatchObject({ sub: 'usr_ada' })
})

test('after the time that was set, none is taken any more', async () => {
  const lasting = oldToken({ ...claims, exp: now + 999_999 })
  expect(await verifier({}, now + 86_399).verify(lasting)).toMatchObject({ sub: 'usr_ada' })
  expect(await verifier({}, now + 86_400).verify(lasting)).toBe(fromNewOne)
})

test('where revocation must be known, no old token is taken', async () => {
  const strict = await verifier().verify(oldToken(claims), { policy: 'strict' })
  expect(strict).toBe(fromNewOne)
})

test.each([
  ['of the type of new ones', { header: { alg: 'HS256', typ: 'at+jwt' } }],
  ['of no type', { header: { alg: 'HS256' } }],
  ['of another algorithm', { header: { alg: 'none', typ: 'JWT' } }],
  ['with a header of somebody’s own', { header: { alg: 'HS256', typ: 'JWT', jku: 'https://x' } }],
])('a token %s is never taken for an old one', async (_, options) => {
  expect(await verifier().verify(oldToken(claims, options))).toBe(fromNewOne)
})

test.each([
  ['signed with another secret', oldToken(claims, { key: 'another' }), 'TOKEN_INVALID'],
  ['of nobody', oldToken({ ...claims, _id: 'x' }), 'TOKEN_INVALID'],
  ['that has expired', oldToken({ ...claims, exp: now }), 'TOKEN_EXPIRED'],
  ['that says no time', oldToken({ _id: '65937d65' }), 'TOKEN_INVALID'],
  ['whose expiry is text', oldToken({ ...claims, exp: '9999999999' }), 'TOKEN_INVALID'],
  [
    'without expiry of two days ago',
    oldToken({ _id: '65937d65', iat: now - 172_800 }),
    'TOKEN_EXPIRED',
  ],
  ['with a claim twice', twice(), 'TOKEN_INVALID'],
])('an old token %s is refused', async (_, token, code) => {
  const error = await verifier()
    .verify(token)
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TokenError)
  expect(error).toMatchObject({ code })
})

function twice(): string {
  const payload = `{"_id":"x","_id":"65937d65","iat":${now},"exp":${now + 900}}`
  const data = `${segment({ alg: 'HS256', typ: 'JWT' })}.${Buffer.from(payload).toString('base64url')}`
  return `${data}.${createHmac('sha256', secret).update(data).digest('base64url')}`
}

test('a changed old token is refused, whatever character it is', async () => {
  const token = oldToken(claims)
  const from = token.indexOf('.') + 1
  for (let index = from; index < token.length; index += 5) {
    const other = token[index] === 'A' ? 'B' : 'A'
    const changed = token.slice(0, index) + other + token.slice(index + 1)
    const result = await verifier()
      .verify(changed)
      .catch((error: unknown) => error)
    expect(result === fromNewOne || result instanceof TokenError).toBe(true)
  }
})

test('options that are a mistake are refused at once', () => {
  expect(() => verifier({ secret: '' })).toThrow(TypeError)
  expect(() => verifier({ until: now + 91 * 86_400 })).toThrow(TypeError)
  expect(() => verifier({ until: Number.NaN })).toThrow(TypeError)
})
