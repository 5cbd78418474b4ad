import { strict as assert } from 'node:assert'
import type { UserChange } from '../../model/user.ts'
import { sampleSession, sampleUser } from './samples.ts'
import { atOnce, count, crowd, type StoreCase, storeCase } from './store-case.ts'

const ada = sampleUser('ada')
const bob = sampleUser('bob')

const admin = sampleUser('root', { roles: ['admin'] })

/** What keeps one active admin. */
export const lastAdmin: readonly StoreCase[] = [
  storeCase('the last active admin is not blocked, demoted or deleted', async ({ users }) => {
    await users.create(admin)
    await users.create(sampleUser('off', { roles: ['admin'], status: 'blocked' }))
    await users.create(bob)
    const blocking: UserChange = { status: 'blocked', name: 'x', updatedAt: 2000 }
    const demoting: UserChange = { roles: [], raise: ['tokenVersion'], updatedAt: 2000 }
    assert.equal(await users.update(admin.id, blocking), 'last_admin')
    assert.equal(await users.update(admin.id, demoting), 'last_admin')
    assert.equal(await users.delete(admin.id, 2000), 'last_admin')
    assert.deepEqual(await users.find(admin.id), admin)
  }),

  storeCase('the last active admin may be changed otherwise', async ({ users }) => {
    await users.create(admin)
    const change: UserChange = { name: 'R', roles: ['admin'], status: 'active', updatedAt: 2000 }
    assert.equal(await users.update(admin.id, change), 'updated')
  }),

  storeCase('an admin who is not the last may go', async ({ users }) => {
    await users.create(admin)
    await users.create(sampleUser('two', { roles: ['admin'] }))
    assert.equal(await users.update(admin.id, { roles: [], updatedAt: 2000 }), 'updated')
  }),

  storeCase('a blocked admin may be demoted and deleted', async ({ users }) => {
    const blocked = sampleUser('off', { roles: ['admin'], status: 'blocked' })
    await users.create(admin)
    await users.create(blocked)
    assert.equal(await users.update(blocked.id, { roles: [], updatedAt: 2000 }), 'updated')
    assert.equal(await users.delete(blocked.id, 2000), 'deleted')
  }),

  storeCase('of many admins who go at once, one remains', async ({ users }) => {
    const admins = Array.from({ length: crowd }, (_, index) =>
      sampleUser(`admin${index}`, { roles: ['admin'] }),
    )
    for (const user of admins) await users.create(user)
    const ways = [
      (id: string) => users.update(id, { roles: [], updatedAt: 2000 }),
      (id: string) => users.update(id, { status: 'blocked', updatedAt: 2000 }),
      (id: string) => users.delete(id, 2000),
    ]
    const results = await Promise.all(
      admins.map(async ({ id }, index) => await ways[index % ways.length]?.(id)),
    )
    assert.equal(count(results, 'last_admin'), 1)
    const left = await users.list({ role: 'admin', status: 'active', limit: 100 })
    assert.deepEqual(
      left.map(({ id }) => id),
      [admins[results.indexOf('last_admin')]?.id],
    )
  }),
]

/** How users go. */
export const userRemoval: readonly StoreCase[] = [
  storeCase('a deleted user is gone with roles and sessions', async (stores) => {
    const { users, sessions } = stores
    await users.create({ ...ada, roles: ['admin'] })
    await users.create(admin)
    await users.create(bob)
    await sessions.create(sampleSession('ada', ada), 10)
    await sessions.create(sampleSession('bob', bob), 10)
    assert.equal(await users.delete(ada.id, 2000), 'deleted')
    assert.equal(await users.find(ada.id), null)
    assert.equal(await sessions.find(sampleSession('ada', ada).id), null)
    assert.notEqual(await sessions.find(sampleSession('bob', bob).id), null)
  }),

  storeCase('a deleted user leaves nothing to one who takes the same names', async ({ users }) => {
    const user = { ...ada, username: 'ada_l', roles: ['admin'] }
    await users.create(admin)
    await users.create(user)
    await users.delete(user.id, 2000)
    const successor = { ...user, roles: [] }
    assert.equal(await users.create(successor), 'created')
    assert.deepEqual(await users.find(user.id), successor)
  }),

  storeCase('nobody is not deleted', async ({ users }) => {
    assert.equal(await users.delete(ada.id, 2000), 'not_found')
  }),

  storeCase('of many who delete one user, one does', async ({ users }) => {
    await users.create(ada)
    const results = await atOnce(() => users.delete(ada.id, 2000))
    assert.equal(count(results, 'deleted'), 1)
    assert.equal(count(results, 'not_found'), crowd - 1)
  }),
]
