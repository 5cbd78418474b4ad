import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, openAuthority } from './authority.ts'
import type { Answer, Exchange } from './client.ts'
import { type Contract, contractOf, contractProblems } from './contract.ts'
import { newCredentials } from './people.ts'

// Whether an answer that breaks the contract would be noticed.

let authority: Authority
let contract: Contract
let registered: Exchange
let refused: Exchange

beforeAll(async () => {
  authority = await openAuthority()
  contract = contractOf(authority.deps.settings)
  const call = authority.from()
  const body = newCredentials()
  registered = {
    method: 'POST',
    path: '/api/auth/register',
    call: { body },
    answer: await call('POST /register', { body }),
  }
  refused = {
    method: 'GET',
    path: '/api/auth/profile',
    call: { token: 'x' },
    answer: await call('GET /profile', { token: 'x' }),
  }
})
afterAll(() => authority.close())

const problemsOf = (exchange: Exchange, answer: Partial<Answer> = {}) =>
  contractProblems(contract, { ...exchange, answer: { ...exchange.answer, ...answer } }, new Set())

const withHeader = ({ answer }: Exchange, name: string, value: string | undefined) => ({
  headers: { ...answer.headers, [name]: value },
})

const withMember = ({ answer }: Exchange, members: object) => {
  const body = { ...(answer.body as object), ...members }
  return { body, text: JSON.stringify(body) }
}

test('answers that keep the contract pass', () => {
  expect([...problemsOf(registered), ...problemsOf(refused)]).toEqual([])
})

test.each([
  ['x-content-type-options', undefined],
  ['x-frame-options', 'SAMEORIGIN'],
  ['referrer-policy', undefined],
  ['cross-origin-opener-policy', undefined],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'; script-src *"],
  ['content-security-policy', "default-src 'none'"],
  ['strict-transport-security', undefined],
  ['cache-control', 'public, max-age=60'],
  ['vary', undefined],
  ['x-request-id', undefined],
  ['x-powered-by', 'Express'],
  ['content-type', 'text/html'],
  ['location', 'https://evil.example'],
  ['access-control-allow-origin', '*'],
  ['access-control-allow-credentials', 'true'],
  ['retry-after', '5'],
  ['allow', 'GET'],
  ['www-authenticate', 'Bearer realm="countersign"'],
])('the header %s: %s is noticed', (name, value) => {
  expect(problemsOf(registered, withHeader(registered, name, value))).toHaveLength(1)
})

test.each([
  ['www-authenticate', undefined],
  ['www-authenticate', 'Bearer realm="countersign"'],
  ['content-type', 'application/json'],
])('on a refusal, the header %s: %s is noticed', (name, value) => {
  expect(problemsOf(refused, withHeader(refused, name, value))).toHaveLength(1)
})

test.each(['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/', '__Host-'])(
  'a cookie without %s is noticed',
  (part) => {
    const [cookie = ''] = registered.answer.cookies
    expect(problemsOf(registered, { cookies: [cookie.replace(part, '')] })).toHaveLength(1)
  },
)

test('a cookie for a whole domain is noticed', () => {
  const cookies = [`${registered.answer.cookies[0]}; Domain=example.com`]
  expect(problemsOf(registered, { cookies })).toHaveLength(1)
})

test.each([
  ['a member nobody listed', { passwordHash: 'x' }],
  ['a member of the wrong type', { expiresIn: '900' }],
  ['a missing member', { sessionId: undefined }],
])('%s in a success is noticed', (_, members) => {
  expect(problemsOf(registered, withMember(registered, members))).toHaveLength(1)
})

test.each([
  ['a member nobody listed', { stack: 'Error' }],
  ['another title', { title: 'token expired' }],
  ['another status', { status: 400 }],
  ['another type', { type: 'about:blank' }],
  ['another request id', { requestId: 'x' }],
  [
    'an error entry with the value in it',
    { errors: [{ path: '', code: '', message: '', value: '' }] },
  ],
])('%s in a refusal is noticed', (_, members) => {
  expect(problemsOf(refused, withMember(refused, members))).toHaveLength(1)
})

test.each(['PASSWORD_WRONG', 'NO_SUCH_CODE', 'INTERNAL_ERROR'])(
  'the code %s, which the endpoint does not have, is noticed',
  (code) => {
    expect(problemsOf(refused, withMember(refused, { code })).length).toBeGreaterThan(0)
  },
)

test('a status that is not declared is noticed', () => {
  expect(problemsOf(registered, { status: 200 })).toHaveLength(1)
})

test('a hash in an answer and a secret in a refusal are noticed', () => {
  const hash = { text: '{"a":"$argon2id$v=19$m=1"}' }
  expect(problemsOf(registered, hash)).toEqual(['a hash is shown'])
  const shown = { ...refused, answer: { ...refused.answer, text: 'the-secret' } }
  expect(contractProblems(contract, shown, new Set(['the-secret']))).toEqual(['a secret is shown'])
})
