import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, type CallAuthority, everything, openAuthority } from './authority.ts'
import type { Answer } from './client.ts'
import { createFaults, unavailable, unexpected } from './faults.ts'
import {
  newCredentials,
  type Person,
  refreshWith,
  signUp,
  signUpAdmin,
  statusOf,
  tokensOf,
} from './people.ts'

// Everything an endpoint leans on fails once, under that endpoint. Whatever it is, the answer
// must not be a yes, must not say what happened inside, and must not take a session away.

const faults = createFaults()
let authority: Authority
let call: CallAuthority
let admin: Person

beforeAll(async () => {
  authority = await openAuthority({ replace: faults.into, rateLimits: 'off', ...everything })
  call = authority.from()
  admin = await signUpAdmin(authority, call)
})
afterAll(() => authority.close())

type Act = (person: Person) => Promise<Answer>

const mayFail = true
const asAdmin = (line: string, body?: object) =>
  call(line, { token: admin.accessToken, mayFail, ...(body && { body }) })

const actions: Readonly<Record<string, Act>> = {
  register: () => call('POST /register', { body: newCredentials(), mayFail }),
  login: ({ email, password }) => call('POST /login', { body: { email, password }, mayFail }),
  refresh: ({ refreshToken }) => call('POST /refresh', { body: { refreshToken }, mayFail }),
  logout: ({ refreshToken }) => call('POST /logout', { body: { refreshToken }, mayFail }),
  profile: ({ accessToken: token }) => call('GET /profile', { token, mayFail }),
  'a new name': ({ accessToken: token }) =>
    call('PATCH /profile', { token, body: { name: 'Ada' }, mayFail }),
  'deleting the profile': ({ accessToken: token, password }) =>
    call('DELETE /profile', { token, body: { password }, mayFail }),
  'a new password': ({ accessToken: token, password: currentPassword }) =>
    call('POST /password/change', {
      token,
      body: { currentPassword, newPassword: `${currentPassword}-two` },
      mayFail,
    }),
  'the list of sessions': ({ accessToken: token }) => call('GET /sessions', { token, mayFail }),
  'ending a session': ({ accessToken: token, sessionId }) =>
    call(`DELETE /sessions/${sessionId}`, { token, mayFail }),
  'ending all sessions': ({ accessToken: token }) => call('DELETE /sessions', { token, mayFail }),
  'ending the other sessions': ({ accessToken: token }) =>
    call('DELETE /sessions?exceptCurrent=true', { token, mayFail }),
  'the list of users': () => asAdmin('GET /admin/users'),
  'showing a user': ({ id }) => asAdmin(`GET /admin/users/${id}`),
  'blocking a user': ({ id }) => asAdmin(`PATCH /admin/users/${id}`, { status: 'blocked' }),
  'deleting a user': ({ id }) => asAdmin(`DELETE /admin/users/${id}`),
  'the sessions of a user': ({ id }) => asAdmin(`GET /admin/users/${id}/sessions`),
  'ending the sessions of a user': ({ id }) => asAdmin(`DELETE /admin/users/${id}/sessions`),
  'the list of roles': () => asAdmin('GET /admin/roles'),
  'a new role': ({ id }) =>
    asAdmin(`PUT /admin/roles/role-${id.slice(4).toLowerCase()}`, { permissions: ['a:b'] }),
  'deleting a role': () => asAdmin('DELETE /admin/roles/nobody-has-this'),
  'the list of keys': () => asAdmin('GET /admin/keys'),
  'rotating the key': () => asAdmin('POST /admin/keys/rotate', {}),
  readiness: () => call('GET ~/readyz', { mayFail }),
}

/** What an action calls, found by letting it go well once. */
async function callsOf(act: Act): Promise<string[]> {
  const person = await signUp(call)
  faults.reset()
  await act(person)
  return [...faults.called]
}

for (const [name, act] of Object.entries(actions)) {
  test(`${name} is refused when anything it needs fails, and says nothing of it (lesson 24, G10)`, async () => {
    const calls = await callsOf(act)
    expect(calls.length).toBeGreaterThan(0)
    for (const failing of calls) {
      for (const error of [unexpected, unavailable]) {
        const person = await signUp(call)
        faults.fail(failing, error)
        const { status, text, cookies, headers } = await act(person)
        faults.fail(null)
        const expected = error === unavailable ? 503 : 500
        expect(status, `${failing}: ${text}`).toBe(expected)
        expect(JSON.stringify([text, headers]), failing).not.toContain('internal-detail')
        expect(cookies, failing).toEqual([])
      }
    }
  })
}

test('what happened is in the log, under the id that the answer gave (G10)', async () => {
  const { accessToken: token } = await signUp(call)
  faults.fail('sessions.findWithUser')
  const { body } = await call('GET /profile', { token, mayFail })
  faults.fail(null)
  const { requestId } = body as { requestId: string }
  const line = authority.logLines.find((text) => text.includes(requestId)) ?? ''
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    status: 500,
    detail: expect.stringContaining('ECONNREFUSED'),
  })
})

test('a logout that could not be stored is no logout, and can be repeated (lesson 24)', async () => {
  const { refreshToken, accessToken } = await signUp(call)
  const body = { refreshToken }
  faults.fail('sessions.end', unavailable)
  expect((await call('POST /logout', { body })).status).toBe(503)
  faults.fail(null)
  expect(await statusOf(call, accessToken)).toMatchObject({ status: 200 })
  expect((await call('POST /logout', { body })).status).toBe(200)
  expect(await statusOf(call, accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
})

test('a refresh whose answer could not be made is repeated without loss', async () => {
  const { refreshToken } = await signUp(call)
  for (const failing of ['sessions.rotate', 'roles.permissionsOf', 'keys.signer']) {
    faults.fail(failing, unavailable)
    expect((await refreshWith(call, refreshToken)).status, failing).toBe(503)
    faults.fail(null)
  }
  const tokens = tokensOf(await refreshWith(call, refreshToken))
  expect(await statusOf(call, tokens.accessToken)).toMatchObject({ status: 200 })
})
