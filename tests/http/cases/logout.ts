import { expect } from 'vitest'
import { openBrowser, refreshCookieName } from '../browser.ts'
import { newCredentials, refreshWith, signInAs, signUp, statusOf, tokensOf } from '../people.ts'
import type { Case } from './case.ts'

const clearedCookie = `${refreshCookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure`

export const logoutCases: readonly Case[] = [
  {
    name: 'logout ends the session of the token in the body, and no other (G1)',
    async run({ call }) {
      const person = await signUp(call)
      const other = await signInAs(call, person)
      const body = { refreshToken: person.refreshToken }
      expect((await call('POST /logout', { body })).status).toBe(200)
      const dead = await refreshWith(call, person.refreshToken)
      expect(dead).toMatchObject({ status: 401, body: { code: 'SESSION_REVOKED' } })
      expect(await statusOf(call, person.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      expect(await statusOf(call, other.accessToken)).toMatchObject({ status: 200 })
      expect((await refreshWith(call, other.refreshToken)).status).toBe(200)
    },
  },
  {
    name: 'logout of a browser ends its session and clears its cookie (G7)',
    async run({ call }) {
      const browser = openBrowser(call)
      const { accessToken } = tokensOf(
        await browser.call('POST /register', { body: newCredentials() }),
      )
      const answer = await browser.call('POST /logout')
      expect(answer).toMatchObject({ status: 200, cookies: [clearedCookie] })
      expect(await statusOf(call, accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
    },
  },
  {
    name: 'logout answers 200 for any token, and ends nobody else’s session (G9)',
    async run({ call }) {
      const bystander = await signUp(call)
      const tokens = [undefined, 'garbage', 'rt1_garbage', bystander.accessToken, 'x'.repeat(5000)]
      for (const refreshToken of tokens) {
        const answer = await call('POST /logout', { body: { refreshToken } })
        expect(answer, refreshToken).toMatchObject({ status: 200, cookies: [clearedCookie] })
      }
      expect((await call('POST /logout')).status).toBe(200)
      expect(await statusOf(call, bystander.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'logout answers 200 for two refresh cookies, and ends neither session (lesson 23)',
    async run({ call }) {
      const people = [await signUp(call), await signUp(call)]
      const cookie = people.map(({ refreshToken }) => `${refreshCookieName}=${refreshToken}`)
      const headers = { 'sec-fetch-site': 'same-origin', cookie: cookie.join('; ') }
      expect((await call('POST /logout', { headers })).status).toBe(200)
      for (const { accessToken } of people) {
        expect(await statusOf(call, accessToken)).toMatchObject({ status: 200 })
      }
    },
  },
  {
    name: 'logout with an older token of the session ends it (G9)',
    async run({ call, clock }) {
      const first = await signUp(call)
      const second = tokensOf(await refreshWith(call, first.refreshToken))
      clock.advance(3600)
      const third = tokensOf(await refreshWith(call, second.refreshToken))
      await call('POST /logout', { body: { refreshToken: first.refreshToken } })
      expect(await refreshWith(call, third.refreshToken)).toMatchObject({
        status: 401,
        body: { code: 'SESSION_REVOKED' },
      })
    },
  },
  {
    name: 'logout with an expired token answers 200 and ends that session alone (G9)',
    async run({ call, clock, deps }) {
      const person = await signUp(call)
      clock.advance(8 * 86_400)
      const other = await signInAs(call, person)
      const body = { refreshToken: person.refreshToken }
      expect((await call('POST /logout', { body })).status).toBe(200)
      const session = await deps.stores.sessions.find(person.sessionId)
      expect(session).toMatchObject({ status: 'ended', endReason: 'logout' })
      expect(await statusOf(call, other.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'logout refuses a body that is not one',
    async run({ call }) {
      const answer = await call('POST /logout', { body: { token: 'x' } })
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'token' }] } })
    },
  },
]
