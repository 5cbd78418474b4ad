import { expect } from 'vitest'
import { openBrowser, refreshCookieName } from '../browser.ts'
import { newCredentials, refreshWith, signInAs, signUp, statusOf, tokensOf } from '../people.ts'
import type { Case } from './case.ts'

export const loginCases: readonly Case[] = [
  {
    name: 'login takes e-mail, username or identifier, in any spelling',
    async run({ call }) {
      const { email, password, id } = await signUp(call, { username: 'many-names' })
      const ways = [
        { email },
        { email: email.toUpperCase() },
        { email: ` ${email} ` },
        { username: 'many-names' },
        { username: 'Many-Names' },
        { identifier: email },
        { identifier: 'MANY-NAMES' },
      ]
      for (const way of ways) {
        const answer = await call('POST /login', { body: { ...way, password, transport: 'body' } })
        expect(answer, JSON.stringify(way)).toMatchObject({ status: 200, body: { user: { id } } })
      }
    },
  },
  {
    name: 'login wants exactly one identifier',
    async run({ call }) {
      const { email, password } = await signUp(call)
      for (const names of [{}, { email, username: 'ada' }, { email, identifier: email }]) {
        const answer = await call('POST /login', { body: { ...names, password } })
        expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'identifier' }] } })
      }
    },
  },
  {
    name: 'login by a browser sets refresh and device cookie, and shows no refresh token (G7)',
    async run({ call }) {
      const { email, password } = await signUp(call)
      const browser = openBrowser(call)
      const answer = await browser.call('POST /login', { body: { email, password } })
      expect(answer.status).toBe(200)
      expect(answer.body).not.toHaveProperty('refreshToken')
      expect([...browser.cookies.keys()]).toEqual([refreshCookieName, '__Host-device'])
    },
  },
  {
    name: 'a program that keeps its tokens itself gets no cookie',
    async run({ call }) {
      const { email, password } = await signUp(call)
      const answer = await call('POST /login', { body: { email, password, transport: 'body' } })
      expect(answer.cookies).toEqual([])
    },
  },
  {
    name: 'sign-ins of one user at one moment get tokens of their own (G2)',
    async run({ call }) {
      const person = await signUp(call)
      const all = await Promise.all(Array.from({ length: 5 }, () => signInAs(call, person)))
      for (const member of ['accessToken', 'refreshToken', 'sessionId'] as const) {
        expect(new Set(all.map((tokens) => tokens[member])).size, member).toBe(5)
      }
    },
  },
  {
    name: 'a sign-in never takes over a session that is presented with it (lesson 35)',
    async run({ call }) {
      const attacker = await signUp(call)
      const { email, password } = await signUp(call)
      const answer = await call('POST /login', {
        body: { email, password, transport: 'body' },
        headers: {
          'sec-fetch-site': 'same-origin',
          cookie: `${refreshCookieName}=${attacker.refreshToken}; session_id=${attacker.sessionId}`,
        },
        token: attacker.accessToken,
      })
      const { sessionId, user } = tokensOf(answer)
      expect(user['email']).toBe(email)
      expect(sessionId).not.toBe(attacker.sessionId)
      expect(await statusOf(call, attacker.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'an access token holds what the contract lists, and no personal data (G6)',
    async run({ call, auth }) {
      const { accessToken, id, sessionId } = await signUp(call, { name: 'Ada', username: 'ada-77' })
      const [header, payload] = accessToken.split('.', 2).map(decode)
      expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
      const { iat, exp, jti, ...claims } = payload as Record<string, unknown>
      expect([Number(exp) - Number(iat), typeof jti]).toEqual([900, 'string'])
      expect(claims).toEqual({
        iss: auth.issuer,
        aud: auth.issuer,
        sub: id,
        sid: sessionId,
        client_id: expect.any(String),
        tv: 0,
        rv: 0,
        auth_time: iat,
        amr: ['pwd'],
        roles: [],
        permissions: [],
      })
    },
  },
  {
    name: 'no token does the work of another kind (lesson 14, G6)',
    async run({ call }) {
      const browser = openBrowser(call)
      const credentials = newCredentials()
      await browser.call('POST /register', { body: credentials })
      const { accessToken, refreshToken } = await signInAs(call, credentials)
      const device = browser.cookies.get('__Host-device') ?? ''
      for (const token of [refreshToken, device]) {
        const expected = { status: 401, code: 'TOKEN_INVALID' }
        expect(await statusOf(call, token)).toEqual(expected)
      }
      for (const token of [accessToken, device]) {
        const answer = await refreshWith(call, token)
        expect(answer).toMatchObject({ status: 401, body: { code: 'REFRESH_TOKEN_INVALID' } })
      }
      expect((await refreshWith(call, refreshToken)).status).toBe(200)
    },
  },
  {
    name: 'only whoever knows the password learns that the account is blocked (lesson 28)',
    async run({ call, deps }) {
      const { id, email, password } = await signUp(call)
      await deps.stores.users.update(id, { status: 'blocked', updatedAt: deps.clock.now() })
      const right = await call('POST /login', { body: { email, password } })
      expect(right).toMatchObject({ status: 403, body: { code: 'ACCOUNT_BLOCKED' }, cookies: [] })
      const wrong = await call('POST /login', { body: { email, password: `${password}!` } })
      expect(wrong).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } })
    },
  },
]

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}
