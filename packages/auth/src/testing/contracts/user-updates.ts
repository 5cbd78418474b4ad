import { strict as assert } from 'node:assert'
import type { UserChange } from '../../model/user.ts'
import { sampleUser } from './samples.ts'
import { atOnce, count, crowd, type StoreCase, storeCase } from './store-case.ts'

const ada = sampleUser('ada')
const bob = sampleUser('bob')

const everything: UserChange = {
  name: 'Ada King',
  username: 'ada_k',
  emailVerified: true,
  status: 'blocked',
  passwordHash: '$argon2id$new',
  roles: ['editor'],
  raise: ['tokenVersion', 'sessionVersion'],
  updatedAt: 2000,
}

/** How users change. */
export const userUpdates: readonly StoreCase[] = [
  storeCase('an update changes everything it is given', async ({ users, roles }) => {
    await roles.put({ name: 'editor', permissions: [] }, 2000)
    await users.create(ada)
    assert.equal(await users.update(ada.id, everything), 'updated')
    const { raise: _, ...members } = everything
    assert.deepEqual(await users.find(ada.id), {
      ...ada,
      ...members,
      tokenVersion: 1,
      sessionVersion: 1,
    })
  }),

  storeCase('an update leaves what it is not given', async ({ users }) => {
    const user = { ...ada, username: 'ada_l', name: 'Ada', roles: ['admin'], emailVerified: true }
    await users.create(user)
    await users.update(ada.id, { updatedAt: 2000 })
    assert.deepEqual(await users.find(ada.id), { ...user, updatedAt: 2000 })
  }),

  storeCase('an update touches nobody else', async ({ users, roles }) => {
    await roles.put({ name: 'editor', permissions: [] }, 2000)
    await users.create(ada)
    await users.create(bob)
    await users.update(ada.id, everything)
    assert.deepEqual(await users.find(bob.id), bob)
  }),

  storeCase('null takes name and username away', async ({ users }) => {
    await users.create({ ...ada, username: 'ada_l', name: 'Ada' })
    await users.update(ada.id, { username: null, name: null, updatedAt: 2000 })
    assert.deepEqual(await users.find(ada.id), { ...ada, updatedAt: 2000 })
    assert.equal(await users.findByUsername('ada_l'), null)
  }),

  storeCase('nobody is not updated', async ({ users }) => {
    assert.equal(await users.update(ada.id, everything), 'not_found')
  }),

  storeCase('an update that expects something else changes nothing', async ({ users }) => {
    await users.create(ada)
    const change: UserChange = { name: 'Eve', raise: ['tokenVersion'], updatedAt: 2000 }
    const results = [
      await users.update(ada.id, change, { passwordHash: 'other' }),
      await users.update(ada.id, change, { sessionVersion: 1 }),
      await users.update(ada.id, change, { passwordHash: ada.passwordHash, sessionVersion: 1 }),
    ]
    assert.deepEqual(results, ['conflict', 'conflict', 'conflict'])
    assert.deepEqual(await users.find(ada.id), ada)
  }),

  storeCase('an update that expects what is there happens', async ({ users }) => {
    await users.create(ada)
    const expected = { passwordHash: ada.passwordHash, sessionVersion: 0 }
    assert.equal(await users.update(ada.id, { name: 'A', updatedAt: 2000 }, expected), 'updated')
  }),

  storeCase('an update to a username that is taken changes nothing', async ({ users }) => {
    await users.create(ada)
    await users.create({ ...bob, username: 'bobby' })
    const change: UserChange = { name: 'Ada', username: 'bobby', updatedAt: 2000 }
    assert.equal(await users.update(ada.id, change), 'username_taken')
    assert.deepEqual(await users.find(ada.id), ada)
  }),

  storeCase('a user may be given the username it has', async ({ users }) => {
    await users.create({ ...ada, username: 'ada_l' })
    assert.equal(await users.update(ada.id, { username: 'ada_l', updatedAt: 2000 }), 'updated')
  }),

  storeCase('an update to an unknown role changes nothing', async ({ users }) => {
    await users.create({ ...ada, roles: ['admin'] })
    const change: UserChange = { name: 'Ada', roles: ['admin', 'ghost'], updatedAt: 2000 }
    assert.equal(await users.update(ada.id, change), 'role_unknown')
    assert.deepEqual(await users.find(ada.id), { ...ada, roles: ['admin'] })
  }),

  storeCase('an update replaces the whole set of roles', async ({ users, roles }) => {
    for (const name of ['a', 'b', 'c']) await roles.put({ name, permissions: [] }, 2000)
    await users.create({ ...ada, roles: ['a', 'b'] })
    await users.update(ada.id, { roles: ['c', 'b'], updatedAt: 2000 })
    assert.deepEqual((await users.find(ada.id))?.roles, ['b', 'c'])
    await users.update(ada.id, { roles: [], updatedAt: 3000 })
    assert.deepEqual((await users.find(ada.id))?.roles, [])
  }),

  storeCase('a counter goes up alone', async ({ users }) => {
    await users.create(ada)
    await users.update(ada.id, { raise: ['sessionVersion'], updatedAt: 1000 })
    assert.deepEqual(await users.find(ada.id), { ...ada, sessionVersion: 1 })
  }),

  storeCase('no raise of a counter is lost', async ({ users }) => {
    await users.create(ada)
    await atOnce(() => users.update(ada.id, { raise: ['tokenVersion'], updatedAt: 2000 }))
    assert.equal((await users.find(ada.id))?.tokenVersion, crowd)
  }),

  storeCase('of many who expect one password hash, one replaces it', async ({ users }) => {
    await users.create(ada)
    const results = await atOnce((index) =>
      users.update(
        ada.id,
        { passwordHash: `hash ${index}`, raise: ['sessionVersion'], updatedAt: 2000 },
        { passwordHash: ada.passwordHash },
      ),
    )
    assert.equal(count(results, 'updated'), 1)
    assert.equal(count(results, 'conflict'), crowd - 1)
    const user = await users.find(ada.id)
    assert.equal(user?.passwordHash, `hash ${results.indexOf('updated')}`)
    assert.equal(user?.sessionVersion, 1)
  }),
]
