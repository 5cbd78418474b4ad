import { expect } from 'vitest'
import { openBrowser } from '../browser.ts'
import { newCredentials, refreshWith, signInAs, signUp, statusOf, tokensOf } from '../people.ts'
import type { Case } from './case.ts'

export const sessionCases: readonly Case[] = [
  {
    name: 'the list of sessions holds the caller’s own, the current one marked',
    async run({ call, from }) {
      await signUp(call)
      const owner = await signUp(call)
      const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0'
      const elsewhere = from('203.0.113.7')
      const phone = await signInAs(
        (line, sent) => elsewhere(line, { ...sent, headers: { 'user-agent': agent } }),
        owner,
      )
      const { body } = await call('GET /sessions', { token: owner.accessToken })
      const { sessions } = body as { sessions: { id: string }[] }
      expect(sessions).toHaveLength(2)
      expect(sessions.find(({ id }) => id === owner.sessionId)).toMatchObject({ current: true })
      expect(sessions.find(({ id }) => id === phone.sessionId)).toMatchObject({
        current: false,
        ip: '203.0.113.7',
        userAgent: agent,
        device: 'Firefox on Linux',
        authMethods: ['pwd'],
      })
    },
  },
  {
    name: 'ending one session leaves the others, and cannot be repeated',
    async run({ call }) {
      const owner = await signUp(call)
      const lost = await signInAs(call, owner)
      const line = `DELETE /sessions/${lost.sessionId}`
      expect((await call(line, { token: owner.accessToken })).status).toBe(204)
      expect((await call(line, { token: owner.accessToken })).status).toBe(404)
      expect(await statusOf(call, lost.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      expect((await refreshWith(call, lost.refreshToken)).status).toBe(401)
      expect(await statusOf(call, owner.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'a session of somebody else looks like none at all (lesson 14)',
    async run({ call }) {
      const victim = await signUp(call)
      const { accessToken: token } = await signUp(call)
      const foreign = await call(`DELETE /sessions/${victim.sessionId}`, { token })
      const missing = await call('DELETE /sessions/ses_AAAAAAAAAAAAAAAAAAAAAA', { token })
      expect([foreign.status, missing.status]).toEqual([404, 404])
      expect({ ...(foreign.body as object), requestId: '' }).toEqual({
        ...(missing.body as object),
        requestId: '',
      })
      expect(await statusOf(call, victim.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'log out everywhere ends every session and clears the cookie',
    async run({ call }) {
      const browser = openBrowser(call)
      const credentials = newCredentials()
      const { accessToken: token } = tokensOf(
        await browser.call('POST /register', { body: credentials }),
      )
      const other = await signInAs(call, credentials)
      expect((await browser.call('DELETE /sessions', { token })).status).toBe(204)
      expect([...browser.cookies.keys()]).toEqual(['__Host-device'])
      expect(await statusOf(call, token)).toMatchObject({ code: 'TOKEN_REVOKED' })
      expect(await statusOf(call, other.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      expect((await refreshWith(call, other.refreshToken)).status).toBe(401)
      await signInAs(call, credentials)
    },
  },
  {
    name: 'log out everywhere else keeps the session the call is made with',
    async run({ call }) {
      const owner = await signUp(call)
      const others = [await signInAs(call, owner), await signInAs(call, owner)]
      const line = 'DELETE /sessions?exceptCurrent=true'
      const answer = await call(line, { token: owner.accessToken })
      expect(answer).toMatchObject({ status: 204, cookies: [] })
      for (const other of others) {
        expect(await statusOf(call, other.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
        expect((await refreshWith(call, other.refreshToken)).status).toBe(401)
      }
      expect(await statusOf(call, owner.accessToken)).toMatchObject({ status: 200 })
      expect((await refreshWith(call, owner.refreshToken)).status).toBe(200)
    },
  },
  {
    name: 'a query that is not understood ends nothing',
    async run({ call }) {
      const { accessToken: token } = await signUp(call)
      for (const query of ['exceptCurrent=1', 'exceptCurrent=', 'except=x', 'exceptcurrent=true']) {
        expect((await call(`DELETE /sessions?${query}`, { token })).status, query).toBe(400)
      }
      const twice = 'DELETE /sessions?exceptCurrent=true&exceptCurrent=false'
      expect((await call(twice, { token })).status).toBe(400)
      expect(await statusOf(call, token)).toMatchObject({ status: 200 })
    },
  },
]
