import { expect } from 'vitest'
import { openBrowser } from '../browser.ts'
import { newCredentials, signInAs, signUp, signUpAdmin, statusOf, tokensOf } from '../people.ts'
import type { Case } from './case.ts'

export const profileCases: readonly Case[] = [
  {
    name: 'the profile shows the caller, and HEAD answers as GET does without the body',
    async run({ call }) {
      const { accessToken: token, email, id } = await signUp(call, { name: 'Ada' })
      const shown = await call('GET /profile', { token })
      expect(shown).toMatchObject({ status: 200, body: { user: { id, email, name: 'Ada' } } })
      expect(await call('HEAD /profile', { token })).toMatchObject({ status: 200, text: '' })
    },
  },
  {
    name: 'nothing that a user can read names anybody else',
    async run({ call }) {
      const somebody = await signUp(call, { username: 'somebody-else' })
      const { accessToken: token, email, password } = await signUp(call)
      const answers = [
        await call('POST /login', { body: { email, password, transport: 'body' } }),
        await call('GET /profile', { token }),
        await call('GET /sessions', { token }),
        await call(`GET /admin/users/${somebody.id}`, { token }),
        await call(`DELETE /sessions/${somebody.sessionId}`, { token }),
        await call('PATCH /profile', { token, body: { username: 'somebody-else' } }),
      ]
      const text = JSON.stringify(answers)
      const { id, sessionId } = somebody
      const traces = [id, sessionId, somebody.email, 'somebody-else']
      expect(traces.filter((trace) => text.includes(trace))).toEqual([])
    },
  },
  {
    name: 'name and username change, and null takes them away',
    async run({ call, clock }) {
      const { accessToken: token } = await signUp(call)
      clock.advance(5)
      const body = { name: 'Grace Hopper', username: 'Amazing.Grace' }
      const changed = await call('PATCH /profile', { token, body })
      expect(changed).toMatchObject({
        status: 200,
        body: { user: { name: 'Grace Hopper', username: 'amazing.grace' } },
      })
      const nothing = { name: null, username: null }
      const { body: after } = await call('PATCH /profile', { token, body: nothing })
      expect((after as { user: object }).user).not.toHaveProperty('name')
      expect((after as { user: object }).user).not.toHaveProperty('username')
    },
  },
  {
    name: 'a username somebody has cannot be taken in another spelling',
    async run({ call }) {
      await signUp(call, { username: 'taken-name' })
      const { accessToken: token } = await signUp(call)
      const answer = await call('PATCH /profile', { token, body: { username: 'TAKEN-name' } })
      expect(answer).toMatchObject({ status: 409, body: { code: 'USERNAME_TAKEN' } })
    },
  },
  {
    name: 'deleting the profile asks for the password, then takes the user, the cookie and the cache',
    async run({ call }) {
      const browser = openBrowser(call)
      const credentials = newCredentials()
      const { accessToken: token } = tokensOf(
        await browser.call('POST /register', { body: credentials }),
      )
      const wrong = await browser.call('DELETE /profile', {
        token,
        body: { password: 'wrong one' },
      })
      expect(wrong).toMatchObject({ status: 403, body: { code: 'PASSWORD_WRONG' }, cookies: [] })
      expect((await browser.call('DELETE /profile', { token })).status).toBe(400)
      const { password } = credentials
      const gone = await browser.call('DELETE /profile', { token, body: { password } })
      expect(gone.status).toBe(204)
      expect(gone.headers['clear-site-data']).toBe('"cache", "storage"')
      expect([...browser.cookies.keys()]).toEqual(['__Host-device'])
      expect((await call('POST /login', { body: credentials })).status).toBe(401)
      await signUp(call, credentials)
    },
  },
  {
    name: 'the last administrator cannot delete themselves',
    needsOwn: true,
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const body = { password: admin.password }
      const answer = await call('DELETE /profile', { token: admin.accessToken, body })
      expect(answer).toMatchObject({ status: 409, body: { code: 'LAST_ADMIN' } })
      expect(await statusOf(call, admin.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'a change of password keeps the caller’s transport: in the body',
    async run({ call }) {
      const person = await signUp(call)
      const newPassword = `${person.password}-two`
      const answer = await call('POST /password/change', {
        token: person.accessToken,
        body: { currentPassword: person.password, newPassword, transport: 'body' },
      })
      const tokens = tokensOf(answer)
      expect(answer).toMatchObject({ status: 200, cookies: [] })
      expect(tokens.sessionId).not.toBe(person.sessionId)
      expect(await statusOf(call, tokens.accessToken)).toMatchObject({ status: 200 })
      const old = { email: person.email, password: person.password }
      expect((await call('POST /login', { body: old })).status).toBe(401)
      await signInAs(call, { ...old, password: newPassword })
    },
  },
  {
    name: 'a change of password keeps the caller’s transport: in a cookie (G7)',
    async run({ call }) {
      const browser = openBrowser(call)
      const { email, password } = newCredentials()
      const { accessToken: token } = tokensOf(
        await browser.call('POST /register', { body: { email, password } }),
      )
      const body = { currentPassword: password, newPassword: `${password}-two` }
      const answer = await browser.call('POST /password/change', { token, body })
      expect(answer.body).not.toHaveProperty('refreshToken')
      expect((await browser.call('POST /refresh')).status).toBe(200)
    },
  },
  {
    name: 'a wrong current password is 403 and ends nothing; a weak new one is 422',
    async run({ call }) {
      const { accessToken: token, password } = await signUp(call)
      const wrong = { currentPassword: `${password}!`, newPassword: `${password}-two` }
      expect(await call('POST /password/change', { token, body: wrong })).toMatchObject({
        status: 403,
        body: { code: 'PASSWORD_WRONG' },
      })
      const weak = { currentPassword: password, newPassword: '1234567890' }
      expect(await call('POST /password/change', { token, body: weak })).toMatchObject({
        status: 422,
        body: { code: 'PASSWORD_REJECTED' },
      })
      expect(await statusOf(call, token)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'of two changes of one password at one moment, one counts (lesson 10)',
    async run({ call }) {
      const { accessToken: token, password, email } = await signUp(call)
      const newPasswords = [`${password}-two`, `${password}-three`]
      const answers = await Promise.all(
        newPasswords.map((newPassword) =>
          call('POST /password/change', {
            token,
            body: { currentPassword: password, newPassword, transport: 'body' },
          }),
        ),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const winner = newPasswords[answers.findIndex(({ status }) => status === 200)] ?? ''
      await signInAs(call, { email, password: winner })
    },
  },
]
