import { expect } from 'vitest'
import { openBrowser, refreshCookieName } from '../browser.ts'
import { newCredentials, signUp } from '../people.ts'
import type { Case } from './case.ts'

export const requestCases: readonly Case[] = [
  {
    name: 'a request id that is harmless is kept, any other is replaced',
    async run({ call }) {
      const kept = 'Abc-123_4.5'
      const { headers } = await call('GET ~/.well-known/jwks.json', {
        headers: { 'x-request-id': kept },
      })
      expect(headers['x-request-id']).toBe(kept)
      for (const id of ['a b', 'x'.repeat(129), '<script>', 'ä', '']) {
        const answer = await call('GET /profile', { headers: { 'x-request-id': id } })
        expect(answer.headers['x-request-id']).toMatch(/^[\w-]{16}$/)
      }
    },
  },
  {
    name: 'an access token is taken from the Authorization header, the scheme in any case',
    async run({ call }) {
      const { accessToken } = await signUp(call)
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR']) {
        const headers = { authorization: `${scheme} ${accessToken}` }
        expect((await call('GET /profile', { headers })).status, scheme).toBe(200)
      }
    },
  },
  {
    name: 'an access token anywhere else is not one (lesson 23)',
    async run({ call }) {
      const { accessToken } = await signUp(call)
      const elsewhere = [
        await call(`GET /profile?access_token=${accessToken}`),
        await call('GET /profile', { headers: { cookie: `access_token=${accessToken}` } }),
        await call('GET /profile', { headers: { cookie: `${refreshCookieName}=${accessToken}` } }),
        await call('GET /profile', { headers: { 'x-access-token': accessToken } }),
        await call('GET /profile', { headers: { 'proxy-authorization': `Bearer ${accessToken}` } }),
      ]
      for (const answer of elsewhere) {
        expect(answer).toMatchObject({ status: 401, body: { code: 'TOKEN_MISSING' } })
      }
    },
  },
  {
    name: 'an Authorization header of any shape is refused, and never an error of ours (lesson 9)',
    async run({ call }) {
      const { accessToken: token } = await signUp(call)
      const malformed = [
        'Bearer',
        'Bearer ',
        `Bearer ${token} ${token}`,
        `Bearer ${token},Bearer ${token}`,
        `Bearer ${token}, Basic YTpi`,
      ]
      const refused = [
        `Bearer ${token}.`,
        `Bearer "${token}"`,
        `Bearer\t${token}`,
        'Basic YTpi',
        `Token ${token}`,
        token,
        'Bearer null',
        'Bearer ..',
        'Bearer eyJhbGciOiJub25lIn0.e30.',
        `Bearer ${'A'.repeat(7000)}`,
        `Bearer ${token.split('.').slice(0, 2).join('.')}`,
        'Bearer \u00e9\u00fc',
        ',',
      ]
      for (const authorization of malformed) {
        const answer = await call('GET /profile', { headers: { authorization } })
        expect(answer, authorization).toMatchObject({
          status: 400,
          headers: { 'www-authenticate': expect.stringContaining('error="invalid_request"') },
        })
      }
      for (const authorization of refused) {
        const answer = await call('GET /profile', { headers: { authorization } })
        expect(answer.status, authorization).toBe(401)
      }
    },
  },
  {
    name: 'all tokens that are wrong are refused alike, whatever is wrong (lesson 9)',
    async run({ call }) {
      const { accessToken } = await signUp(call)
      const [header = '', payload = '', signature = ''] = accessToken.split('.')
      const flipped = signature.startsWith('A')
        ? `B${signature.slice(1)}`
        : `A${signature.slice(1)}`
      const other = Buffer.from('{"sub":"usr_x"}').toString('base64url')
      const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
      const tokens = [
        `${header}.${payload}.${flipped}`,
        `${header}.${other}.${signature}`,
        `${none}.${payload}.`,
        `${none}.${payload}.${signature}`,
        'garbage',
      ]
      const answers = await Promise.all(tokens.map((token) => call('GET /profile', { token })))
      const shapes = answers.map(({ status, body, headers }) => {
        const { requestId: _, ...rest } = body as Record<string, unknown>
        return JSON.stringify([status, rest, headers['www-authenticate']])
      })
      expect(new Set(shapes).size).toBe(1)
      expect(answers[0]).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } })
    },
  },
  {
    name: 'an expired token says so, and is refused on every call',
    async run({ call, clock }) {
      const { accessToken: token } = await signUp(call)
      clock.advance(900 + 60)
      for (const _ of [1, 2]) {
        const answer = await call('GET /profile', { token })
        expect(answer).toMatchObject({ status: 401, body: { code: 'TOKEN_EXPIRED' } })
      }
    },
  },
  {
    name: 'a refresh cookie counts by its exact name, once (lesson 23)',
    async run({ call }) {
      const browser = openBrowser(call)
      await browser.call('POST /register', { body: newCredentials() })
      const value = browser.cookies.get(refreshCookieName) ?? ''
      const ignored = [
        `refresh_token=${value}`,
        `__host-refresh_token=${value}`,
        `__Secure-refresh_token=${value}`,
        `x${refreshCookieName}=${value}`,
        `${refreshCookieName} =${value}`,
        `\u00a0${refreshCookieName}=${value}`,
        `a="b; ${refreshCookieName.toUpperCase()}=${value}"`,
      ]
      for (const cookie of ignored) {
        const headers = { cookie, 'sec-fetch-site': 'same-origin' }
        const answer = await call('POST /refresh', { headers })
        expect(answer, cookie).toMatchObject({ body: { code: 'REFRESH_TOKEN_MISSING' } })
      }
      const twice = `${refreshCookieName}=${value}; ${refreshCookieName}=${value}`
      const headers = { cookie: twice, 'sec-fetch-site': 'same-origin' }
      expect(await call('POST /refresh', { headers })).toMatchObject({
        status: 401,
        body: { code: 'REFRESH_TOKEN_INVALID' },
      })
      expect((await browser.call('POST /refresh')).status).toBe(200)
    },
  },
]
