import { strict as assert } from 'node:assert'
import { hostileTexts, impossibleTexts, sampleUser } from './samples.ts'
import { atOnce, count, crowd, type StoreCase, storeCase } from './store-case.ts'

const ada = sampleUser('ada')
const bob = sampleUser('bob')

/** How users are added and found. */
export const userCreation: readonly StoreCase[] = [
  storeCase('a user comes back with every member', async ({ users, roles }) => {
    await roles.put({ name: 'editor', permissions: [] }, 2000)
    const user = sampleUser('ada', {
      email: 'Ada.L@Example.com',
      emailVerified: true,
      username: 'ada_l',
      name: 'Ada Lovelace',
      status: 'blocked',
      roles: ['admin', 'editor'],
      tokenVersion: 7,
      sessionVersion: 8,
      createdAt: 4_102_444_800,
      updatedAt: 4_102_444_801,
    })
    assert.equal(await users.create(user), 'created')
    assert.deepEqual(await users.find(user.id), user)
  }),

  storeCase('a user comes back without what was not given', async ({ users }) => {
    await users.create(ada)
    assert.deepEqual(await users.find(ada.id), ada)
  }),

  storeCase('a user is found by e-mail key and by username', async ({ users }) => {
    const user = { ...ada, username: 'ada_l' }
    await users.create(user)
    await users.create(bob)
    assert.deepEqual(await users.findByEmailKey(user.emailKey), user)
    assert.deepEqual(await users.findByUsername('ada_l'), user)
  }),

  storeCase('where there is no user, null is found', async ({ users }) => {
    assert.equal(await users.find(ada.id), null)
    assert.equal(await users.findByEmailKey(ada.emailKey), null)
    assert.equal(await users.findByUsername('ada'), null)
  }),

  storeCase(
    'another spelling of an e-mail address with the same key is taken',
    async ({ users }) => {
      await users.create(ada)
      const other = { ...bob, email: 'ADA@example.com', emailKey: ada.emailKey }
      assert.equal(await users.create(other), 'email_taken')
      assert.equal(await users.find(bob.id), null)
      assert.deepEqual(await users.find(ada.id), ada)
    },
  ),

  storeCase('a username is taken once', async ({ users }) => {
    await users.create({ ...ada, username: 'countess' })
    assert.equal(await users.create({ ...bob, username: 'countess' }), 'username_taken')
    assert.equal(await users.find(bob.id), null)
  }),

  storeCase('any number of users have no username', async ({ users }) => {
    assert.equal(await users.create(ada), 'created')
    assert.equal(await users.create(bob), 'created')
  }),

  storeCase('a user with an unknown role is not added', async ({ users }) => {
    assert.equal(await users.create({ ...ada, roles: ['admin', 'ghost'] }), 'role_unknown')
    assert.equal(await users.find(ada.id), null)
  }),

  storeCase('roles come back ascending', async ({ users, roles }) => {
    for (const name of ['zoo', 'bee']) await roles.put({ name, permissions: [] }, 2000)
    await users.create({ ...ada, roles: ['zoo', 'admin', 'bee'] })
    assert.deepEqual((await users.find(ada.id))?.roles, ['admin', 'bee', 'zoo'])
  }),

  storeCase('a second user with the same id is refused', async ({ users }) => {
    await users.create(ada)
    await assert.rejects(users.create({ ...bob, id: ada.id }))
    assert.deepEqual(await users.find(ada.id), ada)
  }),

  storeCase('of many who take one e-mail key at once, one is created', async ({ users }) => {
    const results = await atOnce((index) =>
      users.create(sampleUser(`u${index}`, { emailKey: 'one@example.com' })),
    )
    assert.equal(count(results, 'created'), 1)
    assert.equal(count(results, 'email_taken'), crowd - 1)
    assert.equal((await users.list({ limit: 100 })).length, 1)
  }),

  storeCase('of many who take one username at once, one is created', async ({ users }) => {
    const results = await atOnce((index) =>
      users.create(sampleUser(`u${index}`, { username: 'one' })),
    )
    assert.equal(count(results, 'created'), 1)
    assert.equal(count(results, 'username_taken'), crowd - 1)
  }),

  storeCase('hostile text comes back as it was', async ({ users }) => {
    for (const [index, text] of hostileTexts.entries()) {
      const user = sampleUser(`u${index}`, {
        email: text,
        emailKey: text,
        username: text,
        name: text,
        passwordHash: text,
      })
      assert.equal(await users.create(user), 'created')
      assert.deepEqual(await users.findByEmailKey(text), user)
      assert.deepEqual(await users.findByUsername(text), user)
    }
  }),

  storeCase('text that cannot be kept exactly is refused, never altered', async ({ users }) => {
    for (const [index, text] of impossibleTexts.entries()) {
      const user = sampleUser(`u${index}`, { emailKey: text, name: text })
      const wasKept = await users.create(user).then(
        () => true,
        () => false,
      )
      assert.deepEqual(await users.find(user.id), wasKept ? user : null)
    }
  }),

  storeCase('a key that cannot be kept finds nobody', async ({ users }) => {
    await users.create({ ...ada, emailKey: 'a\uFFFDb', username: 'a' })
    for (const text of ['a\uD800b', 'a\0', 'a\0b']) {
      assert.equal(await users.findByEmailKey(text), null)
      assert.equal(await users.findByUsername(text), null)
      assert.equal(await users.find(text), null)
    }
  }),
]
