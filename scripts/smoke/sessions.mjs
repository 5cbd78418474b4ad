import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { withProgress } from '../setup/progress.mjs'
import { ada } from './people.mjs'

/** @typedef {import('./walk.mjs').Kept} Kept */
/** @typedef {import('./walk.mjs').Scene} Scene */

// `ACCESS_TOKEN_EXPIRY` is a minute, and clocks may differ by five seconds.
const untilExpiredMs = 66_000
// A repeat without a key counts as a retry for a minute.
const untilReuseMs = 62_000

/**
 * @param {Scene} scene
 * @param {Kept} kept
 */
export async function rotate({ report, base }, kept) {
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
export async function useCookies({ report, base }) {
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
export async function stealToken({ report, base }) {
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
export async function signOut({ report, base }) {
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
 * @param {boolean} isQuick
 */
export async function expire({ report, stage, base }, kept, isQuick) {
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
