import { expect } from 'vitest'
import { openBrowser, refreshCookieName } from '../browser.ts'
import { newCredentials, refreshWith, signInAs, signUp, statusOf, tokensOf } from '../people.ts'
import type { Case } from './case.ts'

const day = 86_400

export const refreshCases: readonly Case[] = [
  {
    name: 'refresh answers with new tokens of the same session',
    async run({ call }) {
      const first = await signUp(call)
      const answer = await refreshWith(call, first.refreshToken)
      const second = tokensOf(answer)
      expect(answer).toMatchObject({ status: 200, cookies: [] })
      expect(second.sessionId).toBe(first.sessionId)
      expect(second.refreshToken).not.toBe(first.refreshToken)
      expect(second.accessToken).not.toBe(first.accessToken)
      expect(await statusOf(call, second.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'a browser refreshes with its cookie and gets the next one as a cookie',
    async run({ call }) {
      const browser = openBrowser(call)
      await browser.call('POST /register', { body: newCredentials() })
      const before = browser.cookies.get(refreshCookieName)
      const answer = await browser.call('POST /refresh')
      expect(answer).toMatchObject({ status: 200, cookies: [expect.stringContaining('Max-Age=6')] })
      expect(answer.body).not.toHaveProperty('refreshToken')
      expect(browser.cookies.get(refreshCookieName)).not.toBe(before)
    },
  },
  {
    name: 'a token that came in a cookie leaves in a cookie, whatever transport is asked for',
    async run({ call }) {
      const browser = openBrowser(call)
      await browser.call('POST /register', { body: newCredentials() })
      const answer = await browser.call('POST /refresh', { body: { transport: 'body' } })
      expect(answer.body).not.toHaveProperty('refreshToken')
      expect(answer.cookies).toHaveLength(1)
    },
  },
  {
    name: 'a repeat within 60 seconds gets the same refresh token and a new access token',
    async run({ call, clock }) {
      const { refreshToken } = await signUp(call)
      const first = tokensOf(await refreshWith(call, refreshToken))
      clock.advance(60)
      const repeat = tokensOf(await refreshWith(call, refreshToken))
      expect(repeat.refreshToken).toBe(first.refreshToken)
      expect(repeat.accessToken).not.toBe(first.accessToken)
    },
  },
  {
    name: 'a rotated token that comes back later ends its session, and that one alone (G1)',
    async run({ call, clock }) {
      const person = await signUp(call)
      const other = await signInAs(call, person)
      const next = tokensOf(await refreshWith(call, person.refreshToken))
      clock.advance(61)
      const reuse = await refreshWith(call, person.refreshToken)
      expect(reuse).toMatchObject({ status: 401, body: { code: 'REFRESH_TOKEN_REUSED' } })
      const after = await refreshWith(call, next.refreshToken)
      expect(after).toMatchObject({ status: 401, body: { code: 'SESSION_REVOKED' } })
      expect(await statusOf(call, next.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      expect((await refreshWith(call, other.refreshToken)).status).toBe(200)
    },
  },
  {
    name: 'with a key, a repeat gets the same token however late',
    async run({ call, clock }) {
      const { refreshToken } = await signUp(call)
      const key = 'key-of-generation-0'
      const first = tokensOf(await refreshWith(call, refreshToken, key))
      clock.advance(3 * day)
      const repeat = tokensOf(await refreshWith(call, refreshToken, `"${key}"`))
      expect(repeat.refreshToken).toBe(first.refreshToken)
    },
  },
  {
    name: 'the same token with another key, or with none, is theft at once',
    async run({ call }) {
      for (const thiefKey of ['key-of-somebody-else', undefined]) {
        const { refreshToken } = await signUp(call)
        const first = tokensOf(await refreshWith(call, refreshToken, 'key-of-the-owner'))
        const theft = await refreshWith(call, refreshToken, thiefKey)
        expect(theft).toMatchObject({ status: 401, body: { code: 'REFRESH_TOKEN_REUSED' } })
        const after = await refreshWith(call, first.refreshToken, 'key-of-the-owner')
        expect(after).toMatchObject({ status: 401, body: { code: 'SESSION_REVOKED' } })
      }
    },
  },
  {
    name: 'a key that is none is refused before anything changes',
    async run({ call }) {
      const { refreshToken } = await signUp(call)
      for (const key of ['short', 'x'.repeat(129), 'key with spaces in it', '"unbalanced-quotes']) {
        const answer = await refreshWith(call, refreshToken, key)
        expect(answer, key).toMatchObject({
          status: 400,
          body: { errors: [{ path: 'Idempotency-Key' }] },
        })
      }
      const { accessToken } = tokensOf(await refreshWith(call, refreshToken, 'key-of-the-owner'))
      expect(await statusOf(call, accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'a late duplicate of an older token is superseded: nothing changes, no cookie is cleared',
    async run({ call }) {
      const browser = openBrowser(call)
      await browser.call('POST /register', { body: newCredentials() })
      const oldest = browser.cookieHeader()
      await browser.call('POST /refresh')
      await browser.call('POST /refresh')
      const late = await browser.call('POST /refresh', { headers: { cookie: oldest } })
      const code = 'REFRESH_SUPERSEDED'
      expect(late).toMatchObject({ status: 409, body: { code }, cookies: [] })
      expect((await browser.call('POST /refresh')).status).toBe(200)
    },
  },
  {
    name: 'of 20 refreshes of one token at one moment all get one successor (lesson 10, G3)',
    async run({ call }) {
      const { refreshToken } = await signUp(call)
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => refreshWith(call, refreshToken)),
      )
      const successors = new Set(answers.map((answer) => tokensOf(answer).refreshToken))
      expect(successors.size).toBe(1)
      expect((await refreshWith(call, [...successors][0] ?? '')).status).toBe(200)
    },
  },
  {
    name: 'refresh without a token is told apart from refresh with a wrong one',
    async run({ call }) {
      expect(await call('POST /refresh', { body: {} })).toMatchObject({
        status: 401,
        body: { code: 'REFRESH_TOKEN_MISSING' },
      })
      expect(await call('POST /refresh')).toMatchObject({ body: { code: 'REFRESH_TOKEN_MISSING' } })
      expect(await refreshWith(call, 'rt1_garbage')).toMatchObject({
        status: 401,
        body: { code: 'REFRESH_TOKEN_INVALID' },
      })
    },
  },
  {
    name: 'a token cut, lengthened or changed in its last character is invalid and ends nothing (lesson 12)',
    async run({ call }) {
      const { refreshToken, accessToken } = await signUp(call)
      const last = refreshToken.endsWith('A') ? 'B' : 'A'
      const texts = [
        refreshToken.slice(0, -1),
        refreshToken.slice(0, -1) + last,
        `${refreshToken}A`,
        `${refreshToken}=`,
        ` ${refreshToken}`,
        refreshToken.replace('rt1_', 'rt2_'),
        refreshToken.replace('rt1_', 'RT1_'),
      ]
      for (const text of texts) {
        const answer = await refreshWith(call, text)
        expect(answer, text).toMatchObject({
          status: 401,
          body: { code: 'REFRESH_TOKEN_INVALID' },
        })
      }
      expect(await statusOf(call, accessToken)).toMatchObject({ status: 200 })
      expect((await refreshWith(call, refreshToken)).status).toBe(200)
    },
  },
  {
    name: 'a session unused for its idle lifetime has expired',
    async run({ call, clock }) {
      const { refreshToken } = await signUp(call)
      clock.advance(7 * day)
      expect(await refreshWith(call, refreshToken)).toMatchObject({
        status: 401,
        body: { code: 'REFRESH_TOKEN_EXPIRED' },
      })
    },
  },
  {
    name: 'a session in use all the time expires 90 days after the sign-in',
    async run({ call, clock }) {
      let tokens = tokensOf(await call('POST /register', { body: bodyTransport() }))
      for (let days = 6; days < 90; days += 6) {
        clock.advance(6 * day)
        tokens = tokensOf(await refreshWith(call, tokens.refreshToken))
      }
      clock.advance(6 * day)
      expect(await refreshWith(call, tokens.refreshToken)).toMatchObject({
        status: 401,
        body: { code: 'REFRESH_TOKEN_EXPIRED' },
      })
    },
  },
  {
    name: 'a definite no takes the cookie away, with the attributes it was set with (G7)',
    async run({ call }) {
      const browser = openBrowser(call)
      await browser.call('POST /register', { body: newCredentials() })
      const headers = { cookie: `${refreshCookieName}=rt1_garbage` }
      const answer = await browser.call('POST /refresh', { headers })
      const cleared = `${refreshCookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure`
      expect(answer).toMatchObject({ status: 401, cookies: [cleared] })
    },
  },
]

const bodyTransport = () => ({ ...newCredentials(), transport: 'body' })
