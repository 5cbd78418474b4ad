import assert from 'node:assert/strict'
import { ada, grace } from './people.mjs'

/** @typedef {import('./report.mjs').Answer} Answer */
/** @typedef {import('./walk.mjs').Kept} Kept */
/** @typedef {import('./walk.mjs').Scene} Scene */

/** @param {Scene} scene */
export async function register({ report, base }) {
  report.chapter('Register')
  const request = { method: 'POST', url: `${base}/register` }
  await report.call(
    { ...request, body: { ...ada, roles: ['admin'] } },
    { status: 400, code: 'VALIDATION_FAILED', shows: 'nobody gives themselves a role' },
  )
  await report.call(
    { ...request, body: { email: ada.email, password: 'password1' } },
    { status: 422, code: 'PASSWORD_REJECTED', shows: 'one of the most common passwords' },
  )
  await report.call(
    { ...request, body: ada },
    {
      status: 201,
      shows: 'signed in at once; the refresh token is in a cookie that scripts cannot read',
      check({ body, cookies }) {
        assert.equal(body.refreshToken, undefined)
        assert.match(cookies.join('\n'), /^refresh_token=rt1_.*; HttpOnly; SameSite=Strict/m)
      },
    },
  )
  await report.call(
    { ...request, body: ada },
    { status: 409, code: 'EMAIL_TAKEN', shows: 'one user per address' },
  )
}

/**
 * @param {Scene} scene
 * @returns {Promise<Kept>}
 */
export async function signIn({ report, base }) {
  report.chapter('Login')
  const request = { method: 'POST', url: `${base}/login` }
  const shows = 'a wrong password and an unknown user get the same answer'
  const code = 'INVALID_CREDENTIALS'
  await report.call(
    { ...request, body: { ...ada, password: 'wrong horse battery' } },
    { status: 401, code, shows },
  )
  await report.call(
    { ...request, body: { ...ada, email: 'nobody@example.com' } },
    { status: 401, code, shows },
  )
  const { body } = await report.call(
    { ...request, body: { ...ada, transport: 'body' } },
    { status: 200, shows: 'for programs: both tokens in the body', check: hasBothTokens },
  )
  const { accessToken, refreshToken: first } = body
  const now = performance.now()
  return { accessToken, issuedAt: now, first, rotatedAt: now, current: first }
}

/**
 * @param {Scene} scene
 * @param {Kept} kept
 */
export async function useProtectedRoute({ report, stage }, { accessToken = '' }) {
  report.chapter('Protected route, in a service of its own')
  const url = `${stage.orders}/orders`
  await report.call({ url }, { status: 401, code: 'TOKEN_MISSING', shows: 'no token' })
  const tampered = `${accessToken.slice(0, -10)}${accessToken.endsWith('A') ? 'B' : 'A'.repeat(10)}`
  await report.call(
    { url, token: tampered },
    { status: 401, code: 'TOKEN_INVALID', shows: 'a signature that was tampered with' },
  )
  await report.call(
    { url, token: accessToken },
    { status: 200, shows: 'verified there, without a call to the authority' },
  )
}

/**
 * @param {Scene} scene
 * @param {Kept} kept
 */
export async function changeRole({ report, stage, base }, kept) {
  report.chapter('Role change')
  const order = { method: 'DELETE', url: `${stage.orders}/orders/7` }
  const { body: profile } = await report.call(
    { url: `${base}/profile`, token: kept.accessToken },
    { status: 200, shows: 'Ada has no role' },
  )
  await report.call(
    { ...order, token: kept.accessToken },
    { status: 403, code: 'FORBIDDEN', shows: 'so she may not delete' },
  )
  await report.act(
    `countersign users create --email ${grace.email} --role admin`,
    'an administrator is made on the command line',
    () =>
      stage.command(['users', 'create', '--email', grace.email, '--role', 'admin'], grace.password),
  )
  const { body: admin } = await report.call(
    { method: 'POST', url: `${base}/login`, body: { ...grace, transport: 'body' } },
    { status: 200, shows: 'and signs in like anybody' },
  )
  const token = admin.accessToken
  await report.call(
    { method: 'PUT', url: `${base}/admin/roles/manager`, token, body: { permissions: [] } },
    { status: 201, shows: 'a new role' },
  )
  await report.call(
    {
      method: 'PATCH',
      url: `${base}/admin/users/${profile.user?.id}`,
      token,
      body: { roles: ['manager'] },
    },
    { status: 200, shows: 'Ada gets it' },
  )
  await report.call(
    { url: `${base}/profile`, token: kept.accessToken },
    { status: 401, code: 'TOKEN_REVOKED', shows: 'her older access tokens are dead here' },
  )
  await report.call(
    { url: `${stage.orders}/orders`, token: kept.accessToken },
    { status: 200, shows: 'but good elsewhere until they expire: there is no feed yet to tell' },
  )
  const { body: next } = await report.call(
    { method: 'POST', url: `${base}/refresh`, body: { refreshToken: kept.current } },
    { status: 200, shows: 'she stays signed in; her next refresh brings the role' },
  )
  await report.call({ ...order, token: next.accessToken }, { status: 200, shows: 'now she may' })
  kept.current = next.refreshToken
}

/** @param {Answer} answer */
function hasBothTokens({ body: { accessToken, refreshToken } }) {
  assert.match(accessToken ?? '', /^eyJ/)
  assert.match(refreshToken ?? '', /^rt1_/)
}
