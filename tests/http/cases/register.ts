import { expect } from 'vitest'
import { openBrowser, refreshCookieName } from '../browser.ts'
import { newCredentials, signInAs, signUp } from '../people.ts'
import type { Case } from './case.ts'

// What a body could claim about its sender, in the spellings that have worked elsewhere.
const privileged = {
  role: 'admin',
  roles: ['admin'],
  permissions: ['users:write'],
  isAdmin: true,
  status: 'active',
  emailVerified: true,
  id: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
  userId: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
  sub: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
  tokenVersion: 7,
  passwordHash: 'x',
  createdAt: '2020-01-01T00:00:00Z',
}

export const registerCases: readonly Case[] = [
  {
    name: 'register answers 201 with tokens and the user as written, roles empty',
    async run({ call }) {
      const members = { name: 'Ada Lovelace', username: 'Ada-1815', email: 'Ada.L@Example.COM' }
      const { password } = newCredentials()
      const answer = await call('POST /register', {
        body: { ...members, password, transport: 'body' },
      })
      expect(answer.status).toBe(201)
      expect(answer.cookies).toEqual([])
      expect(answer.body).toMatchObject({
        tokenType: 'Bearer',
        expiresIn: 900,
        refreshToken: expect.stringMatching(/^rt1_[\w-]{87}$/),
        sessionId: expect.stringMatching(/^ses_[\w-]{22}$/),
        user: { name: 'Ada Lovelace', username: 'ada-1815', emailVerified: false, roles: [] },
      })
    },
  },
  {
    name: 'register by a browser sets refresh and device cookie, and shows no refresh token (G7)',
    async run({ call }) {
      const browser = openBrowser(call)
      const answer = await browser.call('POST /register', { body: newCredentials() })
      expect(answer.status).toBe(201)
      expect(answer.body).not.toHaveProperty('refreshToken')
      expect([...browser.cookies.keys()]).toEqual([refreshCookieName, '__Host-device'])
    },
  },
  {
    name: 'an address is taken in every spelling',
    async run({ call }) {
      const { email } = await signUp(call)
      for (const spelling of [email, email.toUpperCase(), ` ${email} `]) {
        const body = { ...newCredentials(), email: spelling }
        expect(await call('POST /register', { body })).toMatchObject({
          status: 409,
          body: { code: 'EMAIL_TAKEN' },
        })
      }
    },
  },
  {
    name: 'a username is taken in every spelling',
    async run({ call }) {
      await signUp(call, { username: 'first-come' })
      const body = { ...newCredentials(), username: 'First-Come' }
      expect(await call('POST /register', { body })).toMatchObject({
        status: 409,
        body: { code: 'USERNAME_TAKEN' },
      })
    },
  },
  {
    name: 'register refuses every member that says who or what the sender is (lesson 19, G15)',
    async run({ from }) {
      for (const [name, value] of Object.entries(privileged)) {
        const body = { ...newCredentials(), [name]: value }
        expect(await from()('POST /register', { body }), name).toMatchObject({
          status: 400,
          body: { errors: [{ path: name, code: 'UNKNOWN_MEMBER' }] },
        })
      }
    },
  },
  {
    name: 'PATCH profile refuses every member that says who or what the sender is (lesson 19, G15)',
    async run({ call }) {
      const { accessToken: token } = await signUp(call)
      const before = await call('GET /profile', { token })
      for (const [name, value] of Object.entries({ ...privileged, email: 'new@example.com' })) {
        const answer = await call('PATCH /profile', { token, body: { [name]: value } })
        expect(answer, name).toMatchObject({ status: 400, body: { errors: [{ path: name }] } })
      }
      expect((await call('GET /profile', { token })).body).toEqual(before.body)
    },
  },
  {
    name: 'a password that breaks the rules is 422 and says which, one that is none is 400 (G12)',
    async run({ call }) {
      const rejected = await call('POST /register', {
        body: { ...newCredentials(), password: 'password1' },
      })
      expect(rejected).toMatchObject({
        status: 422,
        body: { code: 'PASSWORD_REJECTED', errors: [{ path: 'password', code: 'COMMON' }] },
      })
      for (const password of [undefined, null, 12_345_678, { $gt: '' }, ['a']]) {
        const answer = await call('POST /register', { body: { ...newCredentials(), password } })
        expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'password' }] } })
      }
    },
  },
  {
    name: 'passwords that differ after byte 72 are different, in ASCII and beyond (lesson 12, G13)',
    async run({ call }) {
      for (const start of ['violet harbour '.repeat(5), 'žluťoučký kůň '.repeat(5)]) {
        const person = await signUp(call, { password: `${start}lantern` })
        await signInAs(call, person)
        const wrong = { email: person.email, password: `${start}lanterN` }
        expect((await call('POST /login', { body: wrong })).status).toBe(401)
        const shorter = { email: person.email, password: start }
        expect((await call('POST /login', { body: shorter })).status).toBe(401)
      }
    },
  },
  {
    name: 'a password is one password however its letters are composed',
    async run({ call }) {
      const person = await signUp(call, { password: 'pr\u030Ci\u0301s\u030Cerne\u030C lantern 9' })
      const composed = person.password.normalize('NFC')
      expect(composed).not.toBe(person.password)
      await signInAs(call, { email: person.email, password: composed })
    },
  },
  {
    name: 'of ten registrations of one address at one moment, one succeeds (lesson 10)',
    async run({ from }) {
      const body = { ...newCredentials(), transport: 'body' }
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => from()('POST /register', { body })),
      )
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(9)
    },
  },
]
