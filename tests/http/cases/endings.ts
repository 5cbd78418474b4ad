import { expect } from 'vitest'
import { type Person, refreshWith, signUp, signUpAdmin, tokensOf } from '../people.ts'
import type { Case, World } from './case.ts'

/** A way a session ends. `admin` is there to do it to the person. */
interface Ending {
  readonly name: string
  act(world: World, who: { person: Person; admin: Person }): Promise<unknown>
}

const endings: readonly Ending[] = [
  {
    name: 'logout',
    act: ({ call }, { person: { refreshToken } }) =>
      call('POST /logout', { body: { refreshToken } }),
  },
  {
    name: 'the end of the session',
    act: ({ call }, { person: { sessionId, accessToken: token } }) =>
      call(`DELETE /sessions/${sessionId}`, { token }),
  },
  {
    name: 'logout everywhere',
    act: ({ call }, { person: { accessToken: token } }) => call('DELETE /sessions', { token }),
  },
  {
    name: 'a change of password',
    act: ({ call }, { person: { accessToken: token, password } }) =>
      call('POST /password/change', {
        token,
        body: { currentPassword: password, newPassword: `${password}-two`, transport: 'body' },
      }),
  },
  {
    name: 'the deletion of the profile',
    act: ({ call }, { person: { accessToken: token, password } }) =>
      call('DELETE /profile', { token, body: { password } }),
  },
  {
    name: 'a block',
    act: ({ call }, { person: { id }, admin: { accessToken: token } }) =>
      call(`PATCH /admin/users/${id}`, { token, body: { status: 'blocked' } }),
  },
  {
    name: 'an administrator who ends all sessions',
    act: ({ call }, { person: { id }, admin: { accessToken: token } }) =>
      call(`DELETE /admin/users/${id}/sessions`, { token }),
  },
  {
    name: 'an administrator who deletes the user',
    act: ({ call }, { person: { id }, admin: { accessToken: token } }) =>
      call(`DELETE /admin/users/${id}`, { token }),
  },
  {
    name: 'a theft that was noticed',
    async act({ call, clock }, { person: { refreshToken } }) {
      tokensOf(await refreshWith(call, refreshToken))
      clock.advance(61)
      return refreshWith(call, refreshToken)
    },
  },
  {
    name: 'one session too many',
    async act({ deps, clock }, { person: { id } }) {
      clock.advance(1)
      const input = { reason: 'session_limit', at: clock.now(), except: 'none' } as const
      await deps.stores.sessions.endOthersOfUser(id, input)
    },
  },
]

/** Every endpoint that asks for an access token, with what it needs to get past the rest. */
const protectedLines = [
  'GET /profile',
  'PATCH /profile',
  'DELETE /profile',
  'GET /sessions',
  'DELETE /sessions',
  'DELETE /sessions/ses_AAAAAAAAAAAAAAAAAAAAAA',
  'POST /password/change',
]

export const endingCases: readonly Case[] = [
  ...endings.map(
    (ending): Case => ({
      name: `after ${ending.name}, neither token opens anything (lesson 13)`,
      async run(world) {
        const { call } = world
        const person = await signUp(call)
        await ending.act(world, { person, admin: await signUpAdmin(world, call) })
        for (const line of protectedLines) {
          const answer = await call(line, { token: person.accessToken })
          expect(answer, line).toMatchObject({ status: 401, body: { code: 'TOKEN_REVOKED' } })
        }
        const answer = await refreshWith(call, person.refreshToken)
        expect(answer.status).toBe(401)
        expect(answer.body).not.toHaveProperty('accessToken')
      },
    }),
  ),
  {
    name: 'a token of a session that has ended ends nothing more, however often it comes (G4)',
    async run({ call }) {
      const person = await signUp(call)
      const body = { email: person.email, password: person.password, transport: 'body' }
      const other = tokensOf(await call('POST /login', { body }))
      await call('POST /logout', { body: { refreshToken: person.refreshToken } })
      for (const _ of [1, 2, 3]) {
        const answer = await refreshWith(call, person.refreshToken)
        expect(answer).toMatchObject({ status: 401, body: { code: 'SESSION_REVOKED' } })
      }
      expect((await refreshWith(call, other.refreshToken)).status).toBe(200)
    },
  },
]
