import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { withProgress } from '../setup/progress.mjs'

/** @typedef {import('./report.mjs').Answer} Answer */
/** @typedef {import('./report.mjs').Report} Report */
/** @typedef {import('./stage.mjs').Stage} Stage */

/** @typedef {{ report: Report, stage: Stage, base: string }} Scene */
/**
 * A session that lasts from the first chapters to the last. `first` and `current` are refresh
 * tokens; times are of `performance.now()`.
 *
 * @typedef {{
 *   accessToken: string | undefined,
 *   issuedAt: number,
 *   first: string | undefined,
 *   rotatedAt: number,
 *   current: string | undefined,
 * }} Kept
 */

const ada = { email: 'ada@example.com', password: 'correct horse battery' }
const grace = { email: 'grace@example.com', password: 'nanoseconds of wire' }

// `ACCESS_TOKEN_EXPIRY` is a minute, and clocks may differ by five seconds.
const untilExpiredMs = 66_000
// A repeat without a key counts as a retry for a minute.
const untilReuseMs = 62_000

/**
 * The life of a few sessions, in chapters. Each leaves to the next only what it returns.
 *
 * @param {{ report: Report, stage: Stage, isQuick: boolean }} input
 */
export async function walk({ report, stage, isQuick }) {
  const scene = { report, stage, base: `${stage.authority}/api/auth` }
  await register(scene)
  const kept = await signIn(scene)
  await useProtectedRoute(scene, kept)
  await rotate(scene, kept)
  await useCookies(scene)
  await stealToken(scene)
  await signOut(scene)
  await changeRole(scene, kept)
  await expire(scene, kept, isQuick)
  await stop(scene)
}

/** @param {Scene} scene */
async function register({ report, base }) {
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
async function signIn({ report, base }) {
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
async function useProtectedRoute({ report, stage }, { accessToken = '' }) {
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
async function rotate({ report, base }, kept) {
  report.chapter('Rotation, and a lost answer')
  const request = { method: 'POST', url: `${base}/refresh`, body: { refreshToken: kept.first } }
  const { body } = await report.call(request, {
    status: 200,
    shows: 'every refresh gives the next refresh token',
    check: (answer) => assert.notEqual(answer.body.refreshToken, kept.first),
  })
  await report.call(request, {
    status: 200,
    shows: 'the same request again, as after a lost answer: the same next token',
    check: (answer) => assert.equal(answer.body.refreshToken, body.refreshToken),
  })
  kept.current = body.refreshToken
  kept.rotatedAt = performance.now()
}

/** @param {Scene} scene */
async function useCookies({ report, base }) {
  report.chapter('Cookies, and other sites')
  const { cookies } = await report.call(
    { method: 'POST', url: `${base}/login`, body: ada },
    { status: 200, shows: 'for browsers: the refresh token in a cookie' },
  )
  const cookie = cookies.find((line) => line.startsWith('refresh_token='))?.split(';')[0] ?? ''
  const request = { method: 'POST', url: `${base}/refresh`, cookie, body: {} }
  await report.call(
    { ...request, headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' } },
    { status: 403, code: 'ORIGIN_REFUSED', shows: 'another site cannot use the cookie' },
  )
  await report.call(
    { ...request, headers: { 'Sec-Fetch-Site': 'same-origin' } },
    { status: 200, shows: 'our own page can, and gets the next cookie' },
  )
}

/** @param {Scene} scene */
async function stealToken({ report, base }) {
  report.chapter('Reuse: two parties with one refresh token')
  const { body: session } = await report.call(
    { method: 'POST', url: `${base}/login`, body: { ...ada, transport: 'body' } },
    { status: 200, shows: 'another session' },
  )
  const { refreshToken } = session
  const request = { method: 'POST', url: `${base}/refresh`, body: { refreshToken } }
  const { body: owner } = await report.call(
    { ...request, headers: { 'Idempotency-Key': 'the-key-of-the-owner' } },
    { status: 200, shows: 'the owner refreshes, with a key of theirs' },
  )
  await report.call(
    { ...request, headers: { 'Idempotency-Key': 'the-key-of-the-thief' } },
    { status: 401, code: 'REFRESH_TOKEN_REUSED', shows: 'somebody else with it is found out' },
  )
  await report.call(
    { ...request, body: { refreshToken: owner.refreshToken } },
    { status: 401, code: 'SESSION_REVOKED', shows: 'that session has ended, for both' },
  )
  await report.call(
    { url: `${base}/profile`, token: owner.accessToken },
    { status: 401, code: 'TOKEN_REVOKED', shows: 'and so have its access tokens' },
  )
}

/** @param {Scene} scene */
async function signOut({ report, base }) {
  report.chapter('Logout')
  const { body } = await report.call(
    { method: 'POST', url: `${base}/login`, body: { ...ada, transport: 'body' } },
    { status: 200, shows: 'another session' },
  )
  const { refreshToken, accessToken, sessionId } = body
  await report.call(
    { method: 'POST', url: `${base}/logout`, body: { refreshToken } },
    { status: 200, shows: 'ends this session' },
  )
  await report.call(
    { method: 'POST', url: `${base}/refresh`, body: { refreshToken } },
    { status: 401, code: 'SESSION_REVOKED', shows: 'its refresh token is dead' },
  )
  await report.call(
    { url: `${base}/profile`, token: accessToken },
    { status: 401, code: 'TOKEN_REVOKED', shows: 'and its access token, at the authority' },
  )
  const { body: other } = await report.call(
    { method: 'POST', url: `${base}/login`, body: { ...ada, transport: 'body' } },
    { status: 200, shows: 'another session' },
  )
  await report.call(
    { url: `${base}/sessions`, token: other.accessToken },
    {
      status: 200,
      shows: 'the other sessions are still there',
      check({ body: { sessions = [] } }) {
        assert.equal(sessions.length, 4)
        assert.ok(!sessions.some(({ id }) => id === sessionId))
      },
    },
  )
}

/**
 * @param {Scene} scene
 * @param {Kept} kept
 */
async function changeRole({ report, stage, base }, kept) {
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

/**
 * @param {Scene} scene
 * @param {Kept} kept
 * @param {boolean} isQuick
 */
async function expire({ report, stage, base }, kept, isQuick) {
  report.chapter('Expiry, silent refresh, and a late replay')
  if (isQuick) {
    report.note('Left out: --quick does not wait for a minute.')
    return
  }
  const until = Math.max(kept.issuedAt + untilExpiredMs, kept.rotatedAt + untilReuseMs)
  const restMs = Math.max(0, until - performance.now())
  await withProgress(`Waiting ${(restMs / 1000).toFixed(0)} s for a token to expire`, () =>
    sleep(restMs),
  )
  const url = `${stage.orders}/orders`
  const refresh = { method: 'POST', url: `${base}/refresh` }
  await report.call(
    { url, token: kept.accessToken },
    { status: 401, code: 'TOKEN_EXPIRED', shows: 'what tells a client to refresh' },
  )
  const { body } = await report.call(
    { ...refresh, body: { refreshToken: kept.current } },
    { status: 200, shows: 'it does, and nobody is asked for a password' },
  )
  await report.call({ url, token: body.accessToken }, { status: 200, shows: 'and tries again' })
  await report.call(
    { ...refresh, body: { refreshToken: kept.first } },
    { status: 401, code: 'REFRESH_TOKEN_REUSED', shows: 'a token used over a minute ago: reuse' },
  )
  await report.call(
    { ...refresh, body: { refreshToken: body.refreshToken } },
    { status: 401, code: 'SESSION_REVOKED', shows: 'the session has ended, for both' },
  )
}

/** @param {Scene} scene */
async function stop({ report, stage }) {
  report.chapter('Stop')
  await report.act('kill -TERM', 'the server finishes what is under way and ends', () =>
    stage.stopAuthority(),
  )
}

/** @param {Answer} answer */
function hasBothTokens({ body: { accessToken, refreshToken } }) {
  assert.match(accessToken ?? '', /^eyJ/)
  assert.match(refreshToken ?? '', /^rt1_/)
}
