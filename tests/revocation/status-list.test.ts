import { inflateSync } from 'node:zlib'
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, type CallAuthority, issuer, openAuthority } from '../http/authority.ts'
import { type Person, refreshWith, signUp, signUpAdmin, tokensOf } from '../http/people.ts'

// Read as a service in any language would: by the draft, with a library that is not ours.

let authority: Authority
let call: CallAuthority
let admin: Person
beforeAll(async () => {
  authority = await openAuthority({ statusList: 'on', rateLimits: 'off' })
  call = authority.from()
  admin = await signUpAdmin(authority, call)
})
afterAll(() => authority.close())

interface Reference {
  readonly idx: number
  readonly uri: string
}

const referenceOf = (token: string) =>
  (decodeJwt(token) as { status: { status_list: Reference } }).status.status_list

/** The status of a token, from a list that is checked as the draft says (§8.3). */
async function statusOf(token: string): Promise<number> {
  const { idx, uri } = referenceOf(token)
  const { text, headers } = await call(`GET ~${uri.slice(issuer.length)}`)
  expect(headers['content-type']).toBe('application/statuslist+jwt')
  const keys = (await call('GET ~/.well-known/jwks.json')).body as JSONWebKeySet
  const { payload } = await jwtVerify(text, createLocalJWKSet(keys), {
    typ: 'statuslist+jwt',
    currentDate: new Date(authority.clock.now() * 1000),
    requiredClaims: ['sub', 'iat', 'exp', 'ttl'],
  })
  expect(payload.sub).toBe(uri)
  const { bits, lst } = payload['status_list'] as { bits: number; lst: string }
  expect(bits).toBe(1)
  const bytes = inflateSync(Buffer.from(lst, 'base64url'))
  expect(idx).toBeLessThan(bytes.length * 8)
  return ((bytes[idx >> 3] ?? 0) >> (idx & 7)) & 1
}

/** The lists are signed anew after this. */
const pass = () => authority.clock.advance(16)

test.each<[string, (person: Person) => Promise<unknown>]>([
  ['a logout', ({ refreshToken }) => call('POST /logout', { body: { refreshToken } })],
  [
    'a block',
    ({ id }) =>
      call(`PATCH /admin/users/${id}`, { token: admin.accessToken, body: { status: 'blocked' } }),
  ],
  [
    'deleting the user',
    ({ id }) => call(`DELETE /admin/users/${id}`, { token: admin.accessToken }),
  ],
  ['logging out everywhere', ({ accessToken: token }) => call('DELETE /sessions', { token })],
])('after %s the list says that the token is invalid', async (_, end) => {
  const [person, other] = [await signUp(call), await signUp(call)]
  pass()
  expect(await statusOf(person.accessToken)).toBe(0)
  await end(person)
  pass()
  expect(await statusOf(person.accessToken)).toBe(1)
  expect(await statusOf(other.accessToken)).toBe(0)
})

test('after a change of roles older tokens are invalid, and newer ones of the session good', async () => {
  const { id, accessToken, refreshToken } = await signUp(call)
  await call(`PATCH /admin/users/${id}`, { token: admin.accessToken, body: { roles: ['admin'] } })
  const next = tokensOf(await refreshWith(call, refreshToken))
  pass()
  expect(await statusOf(accessToken)).toBe(1)
  expect(await statusOf(next.accessToken)).toBe(0)
  expect(referenceOf(next.accessToken)).not.toEqual(referenceOf(accessToken))
})

test('tokens of one session share their place', async () => {
  const { accessToken, refreshToken } = await signUp(call)
  const next = tokensOf(await refreshWith(call, refreshToken))
  expect(referenceOf(next.accessToken)).toEqual(referenceOf(accessToken))
})

test('a list is signed once for everybody, and anew when its time is over', async () => {
  const { uri } = referenceOf((await signUp(call)).accessToken)
  const path = `~${uri.slice(issuer.length)}`
  pass()
  const [one, same] = await Promise.all([call(`GET ${path}`), call(`GET ${path}`)])
  expect(same.text).toBe(one.text)
  expect(one.headers['cache-control']).toBe('public, max-age=15')
  authority.clock.advance(10)
  expect((await call(`GET ${path}`)).headers['cache-control']).toBe('public, max-age=5')
  pass()
  expect((await call(`GET ${path}`)).text).not.toBe(one.text)
})

test('the lists are found by the metadata of the server', async () => {
  const metadata = (await call('GET ~/.well-known/oauth-authorization-server')).body
  const uri = (metadata as Record<string, string>)['status_list_aggregation_endpoint'] ?? ''
  const { body } = await call(`GET ~${uri.slice(issuer.length)}`)
  expect(body).toEqual({ status_lists: [`${issuer}/api/auth/status-lists/0`] })
})

test.each([
  ['1', 404],
  ['999999', 404],
  ['00', 400],
  ['-1', 400],
  ['x', 400],
  ['1000000', 400],
])('there is no list %s', async (list, status) => {
  expect((await call(`GET /status-lists/${list}`)).status).toBe(status)
})

test('without the option tokens name no list, and there is none', async () => {
  const other = await openAuthority()
  const stranger = other.from()
  expect(decodeJwt((await signUp(stranger)).accessToken)).not.toHaveProperty('status')
  expect((await stranger('GET /status-lists/0')).status).toBe(404)
  expect((await stranger('GET /status-lists')).status).toBe(404)
  await other.close()
})
