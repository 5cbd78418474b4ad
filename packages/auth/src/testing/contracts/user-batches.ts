import { strict as assert } from 'node:assert'
import type { BatchOutcome, User } from '../../model/user.ts'
import { sampleUser } from './samples.ts'
import { atOnce, crowd, type StoreCase, storeCase } from './store-case.ts'

const ada = sampleUser('ada')
const bob = sampleUser('bob')
const eve = sampleUser('eve')

const created: BatchOutcome = { result: 'created' }

function takenBy(
  result: 'email_taken' | 'username_taken',
  { id, passwordHash, createdAt }: User,
): BatchOutcome {
  return { result, holder: { id, passwordHash, createdAt } }
}

/** How many users are added at once. */
export const userBatches: readonly StoreCase[] = [
  storeCase('users of a batch come back with every member', async ({ users, roles }) => {
    await roles.put({ name: 'editor', permissions: [] }, 2000)
    const batch = [
      sampleUser('ada', {
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
      }),
      bob,
    ]
    assert.deepEqual(await users.createMany(batch), [created, created])
    for (const user of batch) assert.deepEqual(await users.find(user.id), user)
  }),

  storeCase('ten thousand users are added at once, or none of them', async ({ users }) => {
    const batch = Array.from({ length: 10_000 }, (_, index) => sampleUser(`u${index}`))
    await users.create(ada)
    await assert.rejects(users.createMany([...batch.slice(1), { ...bob, id: ada.id }]))
    assert.equal((await users.list({ limit: 1000 })).length, 1)
    const outcomes = await users.createMany(batch)
    assert.equal(outcomes.filter(({ result }) => result === 'created').length, 10_000)
    assert.notEqual(await users.findByEmailKey('u9999@example.com'), null)
  }),

  storeCase('who is there already is named and left alone', async ({ users }) => {
    await users.create({ ...ada, username: 'ada' })
    const outcomes = await users.createMany([
      { ...bob, emailKey: ada.emailKey },
      { ...eve, username: 'ada' },
      sampleUser('dan', { username: 'dan' }),
    ])
    assert.deepEqual(outcomes, [
      takenBy('email_taken', ada),
      takenBy('username_taken', ada),
      created,
    ])
    assert.equal(await users.find(bob.id), null)
    assert.equal(await users.find(eve.id), null)
    assert.deepEqual(await users.find(ada.id), { ...ada, username: 'ada' })
  }),

  storeCase('a batch of users who are all there adds nobody', async ({ users }) => {
    await users.createMany([ada, bob])
    const again = [
      { ...ada, id: sampleUser('ada2').id },
      { ...bob, id: sampleUser('bob2').id },
    ]
    assert.deepEqual(await users.createMany(again), [
      takenBy('email_taken', ada),
      takenBy('email_taken', bob),
    ])
    assert.equal((await users.list({ limit: 10 })).length, 2)
  }),

  storeCase('of two in a batch with one key the first is added', async ({ users }) => {
    const outcomes = await users.createMany([
      { ...ada, username: 'one' },
      { ...bob, username: 'one' },
      { ...eve, emailKey: ada.emailKey },
    ])
    assert.deepEqual(outcomes, [
      created,
      takenBy('username_taken', ada),
      takenBy('email_taken', ada),
    ])
    assert.equal((await users.list({ limit: 10 })).length, 1)
  }),

  storeCase('who has an unknown role is left out of a batch', async ({ users }) => {
    const outcomes = await users.createMany([
      { ...ada, roles: ['admin', 'ghost'] },
      { ...bob, roles: ['admin'] },
    ])
    assert.deepEqual(outcomes, [{ result: 'role_unknown' }, created])
    assert.equal(await users.find(ada.id), null)
    assert.deepEqual((await users.find(bob.id))?.roles, ['admin'])
  }),

  storeCase('a batch with an id that is there adds nobody', async ({ users }) => {
    await users.create(ada)
    await assert.rejects(users.createMany([eve, { ...bob, id: ada.id }]))
    assert.equal(await users.find(eve.id), null)
    assert.deepEqual(await users.find(ada.id), ada)
  }),

  storeCase(
    'of many batches with the same keys at once, each key is added once',
    async (stores) => {
      const { users } = stores
      const outcomes = await atOnce((index) =>
        users.createMany(
          // In orders that meet each other.
          (index % 2 === 0 ? ['a', 'b', 'c'] : ['c', 'b', 'a']).map((key) =>
            sampleUser(`${key}${index}`, { emailKey: `${key}@example.com` }),
          ),
        ),
      )
      const results = outcomes.flat().map(({ result }) => result)
      assert.equal(results.filter((result) => result === 'created').length, 3)
      assert.equal(results.filter((result) => result === 'email_taken').length, 3 * crowd - 3)
      assert.equal((await users.list({ limit: 100 })).length, 3)
    },
  ),
]
