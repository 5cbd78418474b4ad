import { expect } from 'vitest'
import type { CallAuthority } from '../authority.ts'
import { refreshWith, signUp, signUpAdmin, statusOf, tokensOf } from '../people.ts'
import type { Case, World } from './case.ts'

/** Somebody with permissions to write, who is no administrator all the same. */
async function signUpDeputy(world: World, admin: { accessToken: string }) {
  const { call } = world
  const permissions = ['users:read', 'users:write', 'roles:read', 'roles:write']
  await call('PUT /admin/roles/deputy', { token: admin.accessToken, body: { permissions } })
  const person = await signUp(call)
  const change = { token: admin.accessToken, body: { roles: ['deputy'] } }
  await call(`PATCH /admin/users/${person.id}`, change)
  return { ...person, ...tokensOf(await refreshWith(call, person.refreshToken)) }
}

const lastAdmin = { status: 409, body: { code: 'LAST_ADMIN' } }

export const adminLimitCases: readonly Case[] = [
  {
    name: 'only an administrator makes administrators, or changes what a role permits (lesson 19)',
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const { id, accessToken: token } = await signUpDeputy(world, admin)
      const attempts = [
        await call(`PATCH /admin/users/${id}`, { token, body: { roles: ['admin'] } }),
        await call(`PATCH /admin/users/${id}`, { token, body: { roles: ['deputy', 'admin'] } }),
        await call('PUT /admin/roles/deputy', { token, body: { permissions: ['keys:write'] } }),
        await call('DELETE /admin/roles/deputy', { token }),
      ]
      expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403])
      expect(await statusOf(call, token)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'an administrator is acted on by administrators only, whatever permissions others have',
    async run(world) {
      const { call } = world
      const admin = await signUpAdmin(world, call)
      const { accessToken: token } = await signUpDeputy(world, admin)
      const line = `/admin/users/${admin.id}`
      const attempts = [
        await call(`PATCH ${line}`, { token, body: { status: 'blocked' } }),
        await call(`PATCH ${line}`, { token, body: { emailVerified: false } }),
        await call(`DELETE ${line}/sessions`, { token }),
        await call(`DELETE ${line}`, { token }),
      ]
      expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403])
      const person = await signUp(call)
      const block = { token, body: { status: 'blocked' } }
      expect((await call(`PATCH /admin/users/${person.id}`, block)).status).toBe(200)
    },
  },
  {
    name: 'the last active administrator cannot be demoted, blocked or deleted',
    needsOwn: true,
    async run(world) {
      const { call } = world
      const { id, accessToken: token } = await signUpAdmin(world, call)
      const line = `/admin/users/${id}`
      const other = await signUpAdmin(world, call)
      await call(`PATCH /admin/users/${other.id}`, { token, body: { status: 'blocked' } })
      const demotion = { token, body: { roles: [] } }
      expect(await call(`PATCH ${line}`, demotion)).toMatchObject(lastAdmin)
      const block = { token, body: { status: 'blocked' } }
      expect(await call(`PATCH ${line}`, block)).toMatchObject(lastAdmin)
      expect(await call(`DELETE ${line}`, { token })).toMatchObject(lastAdmin)
      expect(await statusOf(call, token)).toMatchObject({ status: 200 })
    },
  },
  {
    name: 'of two administrators who demote each other at one moment, one stays (lesson 10)',
    needsOwn: true,
    async run(world) {
      const { call } = world
      const two = [await signUpAdmin(world, call), await signUpAdmin(world, call)] as const
      const demote = (caller: (typeof two)[number], target: (typeof two)[number]) =>
        call(`PATCH /admin/users/${target.id}`, { token: caller.accessToken, body: { roles: [] } })
      await Promise.all([demote(two[0], two[1]), demote(two[1], two[0])])
      const { body } = await signUpAdminAndList(world, call)
      const { users } = body as { users: { id: string; roles: string[] }[] }
      const left = users.filter((user) => two.some(({ id }) => id === user.id))
      expect(left.filter(({ roles }) => roles.includes('admin'))).toHaveLength(1)
    },
  },
  {
    name: 'a role is defined, shown, changed and deleted, and leaves everyone who had it',
    async run(world) {
      const { call } = world
      const { accessToken: token } = await signUpAdmin(world, call)
      const permissions = ['b:write', 'a:read', 'a:read']
      const created = await call('PUT /admin/roles/editor', { token, body: { permissions } })
      const role = { name: 'editor', permissions: ['a:read', 'b:write'] }
      expect(created).toMatchObject({ status: 201, body: { role } })
      expect((await call('GET /admin/roles/editor', { token })).body).toEqual({ role })
      expect((await call('GET /admin/roles', { token })).body).toMatchObject({
        roles: expect.arrayContaining([role]),
      })
      const person = await signUp(call)
      await call(`PATCH /admin/users/${person.id}`, { token, body: { roles: ['editor'] } })
      expect((await call('DELETE /admin/roles/editor', { token })).status).toBe(204)
      expect((await call('DELETE /admin/roles/editor', { token })).status).toBe(404)
      expect((await call('GET /admin/roles/editor', { token })).status).toBe(404)
      const { body } = await call(`GET /admin/users/${person.id}`, { token })
      expect(body).toMatchObject({ user: { roles: [] } })
    },
  },
  {
    name: 'the role admin keeps its permissions and cannot be deleted',
    async run(world) {
      const { call } = world
      const { accessToken: token } = await signUpAdmin(world, call)
      const body = { permissions: ['users:read'] }
      const shrunk = await call('PUT /admin/roles/admin', { token, body })
      expect(shrunk).toMatchObject({ status: 400, body: { errors: { length: 8 } } })
      expect((await call('DELETE /admin/roles/admin', { token })).status).toBe(403)
      expect(await statusOf(call, token)).toMatchObject({ status: 200 })
    },
  },
]

async function signUpAdminAndList(world: World, call: CallAuthority) {
  const { accessToken: token } = await signUpAdmin(world, call)
  return call('GET /admin/users', { token })
}
