import { expect } from 'vitest'
import { refreshWith, signInAs, signUp, signUpAdmin, statusOf, tokensOf } from '../people.ts'
import { administrationLines } from './administration-lines.ts'
import type { Case } from './case.ts'

export const administrationCases: readonly Case[] = [
  {
    name: 'every admin endpoint tells a stranger, a user and a bad token apart (lesson 20, G8)',
    async run({ call }) {
      const { accessToken: token } = await signUp(call)
      for (const line of administrationLines) {
        const statuses = [
          (await call(line)).status,
          (await call(line, { token: `${token}x` })).status,
          (await call(line, { token })).status,
        ]
        expect(statuses, line).toEqual([401, 401, 403])
      }
    },
  },
  {
    name: 'headers that claim an identity change nothing (lesson 25)',
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const headers = {
        'x-user-id': admin.id,
        'x-user': admin.email,
        'x-roles': 'admin',
        'x-forwarded-user': admin.id,
        'x-authenticated-userid': admin.id,
        'x-original-url': '/healthz',
        'x-rewrite-url': '/healthz',
        'x-http-method-override': 'GET',
      }
      expect((await call('GET /admin/users', { headers })).status).toBe(401)
      const { accessToken: token } = await signUp(call)
      expect((await call('GET /admin/users', { headers, token })).status).toBe(403)
    },
  },
  {
    name: 'users are listed in pages, found by a part of their names, and shown one by one',
    needsOwn: true,
    async run(world) {
      const { call, clock } = world
      const { accessToken: token } = await signUpAdmin(world, call)
      const people = []
      for (const username of ['ada-one', 'bob-two', 'ada-three']) {
        clock.advance(1)
        people.push(await signUp(call, { username }))
      }
      const names: unknown[] = []
      let cursor = ''
      do {
        const { body } = await call(`GET /admin/users?limit=2${cursor}`, { token })
        const page = body as { users: { username?: string }[]; nextCursor?: string }
        names.push(...page.users.map(({ username }) => username))
        cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : ''
      } while (cursor)
      expect(names).toEqual([undefined, 'ada-one', 'bob-two', 'ada-three'])
      const found = await call('GET /admin/users?q=ada', { token })
      expect((found.body as { users: object[] }).users).toHaveLength(2)
      const shown = await call(`GET /admin/users/${people[0]?.id}`, { token })
      expect(shown).toMatchObject({ status: 200, body: { user: { status: 'active' } } })
      expect((await call('GET /admin/users/usr_nobody', { token })).status).toBe(404)
    },
  },
  {
    name: 'a new role needs a refresh: the old access token is dead, the next one has it (G8)',
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const person = await signUp(call)
      await call('PUT /admin/roles/reader', {
        token: admin.accessToken,
        body: { permissions: ['users:read'] },
      })
      const change = { token: admin.accessToken, body: { roles: ['reader'] } }
      expect((await call(`PATCH /admin/users/${person.id}`, change)).status).toBe(200)
      expect(await statusOf(call, person.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      const { accessToken: token } = tokensOf(await refreshWith(call, person.refreshToken))
      expect((await call('GET /admin/users', { token })).status).toBe(200)
      expect((await call('GET /admin/keys', { token })).status).toBe(403)
    },
  },
  {
    name: 'a demoted administrator is refused at the next request, and after a refresh too (G8)',
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const former = await signUpAdmin(world, call)
      const change = { token: admin.accessToken, body: { roles: [] } }
      await call(`PATCH /admin/users/${former.id}`, change)
      const line = 'GET /admin/users'
      expect((await call(line, { token: former.accessToken })).status).toBe(401)
      const { accessToken: token } = tokensOf(await refreshWith(call, former.refreshToken))
      expect((await call(line, { token })).status).toBe(403)
    },
  },
  {
    name: 'who lost a permission with a role that changed is refused at the next request (G8)',
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const put = (permissions: string[]) =>
        call('PUT /admin/roles/auditor', { token: admin.accessToken, body: { permissions } })
      expect((await put(['users:read'])).status).toBe(201)
      const person = await signUp(call)
      const change = { token: admin.accessToken, body: { roles: ['auditor'] } }
      await call(`PATCH /admin/users/${person.id}`, change)
      const before = tokensOf(await refreshWith(call, person.refreshToken))
      expect((await call('GET /admin/users', { token: before.accessToken })).status).toBe(200)
      expect((await put(['reports:read'])).status).toBe(200)
      expect(await statusOf(call, before.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      const after = tokensOf(await refreshWith(call, before.refreshToken))
      expect((await call('GET /admin/users', { token: after.accessToken })).status).toBe(403)
    },
  },
  {
    name: 'a user who is blocked is out; unblocked, they sign in again but old tokens stay dead',
    async run(world) {
      const { call } = world
      const { accessToken: token } = await signUpAdmin(world, call)
      const person = await signUp(call)
      const line = `PATCH /admin/users/${person.id}`
      await call(line, { token, body: { status: 'blocked' } })
      expect(await statusOf(call, person.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      await call(line, { token, body: { status: 'active' } })
      expect(await statusOf(call, person.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
      expect(await refreshWith(call, person.refreshToken)).toMatchObject({
        status: 401,
        body: { code: 'SESSION_REVOKED' },
      })
      await signInAs(call, person)
    },
  },
  {
    name: 'an administrator ends a user’s sessions, and sees them before and after',
    async run(world) {
      const { call } = world
      const { accessToken: token } = await signUpAdmin(world, call)
      const person = await signUp(call)
      const line = `/admin/users/${person.id}/sessions`
      const before = await call(`GET ${line}`, { token })
      expect(before.body).toMatchObject({ sessions: [{ id: person.sessionId, current: false }] })
      expect((await call(`DELETE ${line}`, { token })).status).toBe(204)
      expect((await call(`GET ${line}`, { token })).body).toEqual({ sessions: [] })
      expect(await statusOf(call, person.accessToken)).toMatchObject({ code: 'TOKEN_REVOKED' })
    },
  },
  {
    name: 'the address of a user is verified by an administrator, or by nobody',
    async run(world) {
      const { call } = world
      const { accessToken: token } = await signUpAdmin(world, call)
      const person = await signUp(call)
      const body = { emailVerified: true }
      const answer = await call(`PATCH /admin/users/${person.id}`, { token, body })
      expect(answer.body).toMatchObject({ user: { emailVerified: true } })
      expect(await statusOf(call, person.accessToken)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'a role that is not defined cannot be given',
    async run(world) {
      const { call } = world
      const { accessToken: token } = await signUpAdmin(world, call)
      const person = await signUp(call)
      const body = { roles: ['nobody-defined-this'] }
      expect(await call(`PATCH /admin/users/${person.id}`, { token, body })).toMatchObject({
        status: 422,
        body: { code: 'ROLE_UNKNOWN' },
      })
    },
  },
]
