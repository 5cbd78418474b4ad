import { strict as assert } from 'node:assert'
import type { Stores } from '../../model/stores.ts'
import { sampleSession, sampleUser } from './samples.ts'
import { atOnce, count, type StoreCase, storeCase } from './store-case.ts'

const ada = sampleUser('ada')
const session = sampleSession('one', ada)
const subject = { sessionId: session.id, tokenVersion: 0, rolesVersion: 0 }

/** A user with a session, whose tokens have the index 7. */
async function signIn({ users, sessions, statuses }: Stores): Promise<void> {
  await users.create(ada)
  await sessions.create(session, 10)
  await statuses.assign(subject, 7, 9000)
}

function ending(name: string, end: (stores: Stores) => Promise<unknown>): StoreCase {
  return storeCase(`tokens are dead after ${name}`, async (stores) => {
    await signIn(stores)
    assert.deepEqual(await stores.statuses.deadBetween(0, 100), [])
    await end(stores)
    assert.deepEqual(await stores.statuses.deadBetween(0, 100), [7])
  })
}

/** What a `StatusStore` must do. */
export const statusStoreContract: readonly StoreCase[] = [
  storeCase('a subject keeps its index, and others have none', async (stores) => {
    const { statuses } = stores
    await signIn(stores)
    assert.equal(await statuses.find(subject), 7)
    assert.equal(await statuses.find({ ...subject, tokenVersion: 1 }), null)
    assert.equal(await statuses.find({ ...subject, rolesVersion: 1 }), null)
    assert.equal(await statuses.find({ ...subject, sessionId: 'ses_ghost' }), null)
  }),

  storeCase('an index has one subject, and a subject one index', async (stores) => {
    const { statuses } = stores
    await signIn(stores)
    assert.equal(await statuses.assign({ ...subject, tokenVersion: 1 }, 7, 9000), false)
    assert.equal(await statuses.assign(subject, 8, 9000), false)
    assert.equal(await statuses.find(subject), 7)
  }),

  storeCase('of many who give a subject an index, one does', async ({ statuses }) => {
    const given = await atOnce((index) => statuses.assign(subject, index, 9000))
    assert.equal(count(given, true), 1)
    assert.equal(await statuses.find(subject), given.indexOf(true))
  }),

  ending('the session has ended', ({ sessions }) => sessions.end(session.id, 'logout', 1500)),
  ending('the user was blocked', ({ users }) =>
    users.update(ada.id, { status: 'blocked', updatedAt: 1500 }),
  ),
  ending('the user was deleted, and the session with them', ({ users }) =>
    users.delete(ada.id, 1500),
  ),
  ending('every session was given up', ({ users }) =>
    users.update(ada.id, { raise: ['sessionVersion'], updatedAt: 1500 }),
  ),
  ending('the roles of the user changed', ({ users }) =>
    users.update(ada.id, { roles: ['admin'], raise: ['tokenVersion'], updatedAt: 1500 }),
  ),
  ending('a role of the user changed', async ({ users, roles }) => {
    await roles.put({ name: 'editor', permissions: [] }, 1500)
    await roles.put({ name: 'editor', permissions: ['posts:write'] }, 1500)
    await users.update(ada.id, { roles: ['editor'], updatedAt: 1500 })
  }),

  storeCase('tokens issued after a change have an index of their own', async (stores) => {
    const { users, statuses } = stores
    await signIn(stores)
    await users.update(ada.id, { raise: ['tokenVersion'], updatedAt: 1500 })
    await statuses.assign({ ...subject, tokenVersion: 1 }, 9, 9000)
    assert.deepEqual(await statuses.deadBetween(0, 100), [7])
  }),

  storeCase('only indexes in the range are told of', async (stores) => {
    const { statuses } = stores
    for (const index of [99, 100, 199, 200]) {
      await statuses.assign({ ...subject, tokenVersion: index }, index, 9000)
    }
    assert.deepEqual(await statuses.deadBetween(100, 200), [100, 199])
  }),

  storeCase('an index is free again when its tokens have expired', async (stores) => {
    const { statuses } = stores
    await signIn(stores)
    assert.equal(await statuses.deleteExpired(9000), 0)
    assert.equal(await statuses.deleteExpired(9001), 1)
    assert.equal(await statuses.find(subject), null)
  }),
]
