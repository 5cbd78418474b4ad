import { strict as assert } from 'node:assert'
import type { Session } from '../../model/session.ts'
import { hostileTexts, sampleGeneration, sampleSession, sampleUser } from './samples.ts'
import { ada, bob, session, sessionCase } from './session-case.ts'
import { sessionRotation } from './session-rotation.ts'
import { atOnce, count, type StoreCase } from './store-case.ts'

const creating: readonly StoreCase[] = [
  sessionCase('a session comes back with every member', async ({ sessions }) => {
    const full: Session = {
      ...session,
      status: 'ended',
      authVersion: 3,
      generation: 4_000_000_000,
      generations: Array.from({ length: 8 }, (_, index) => sampleGeneration(255 - index)),
      createdAt: 4_102_444_800,
      lastUsedAt: 4_102_444_801,
      expiresAt: 4_102_444_802,
      maxExpiresAt: 4_102_444_803,
      endedAt: 4_102_444_804,
      endReason: 'logout',
      authMethods: ['pwd', 'otp', 'mfa'],
      ip: '2001:db8::1',
      userAgent: 'Mozilla/5.0',
    }
    await sessions.create(full, 10)
    assert.deepEqual(await sessions.find(full.id), full)
  }),

  sessionCase('a session comes back without what was not given', async ({ sessions }) => {
    const bare = { ...session, authMethods: [] }
    await sessions.create(bare, 10)
    assert.deepEqual(await sessions.find(bare.id), bare)
  }),

  sessionCase('where there is no session, null is found', async ({ sessions }) => {
    assert.equal(await sessions.find(session.id), null)
    assert.equal(await sessions.findWithUser(session.id), null)
  }),

  sessionCase('a session is found with its user', async ({ sessions, users }) => {
    await users.update(ada.id, { username: 'ada_l', roles: ['admin'], updatedAt: 5000 })
    await sessions.create(session, 10)
    assert.deepEqual(await sessions.findWithUser(session.id), {
      session,
      user: { ...ada, username: 'ada_l', roles: ['admin'], updatedAt: 5000 },
    })
  }),

  sessionCase('status and time of a session are not those of its user', async (stores) => {
    const { sessions, users } = stores
    await users.update(ada.id, { status: 'blocked', updatedAt: 5000 })
    await sessions.create({ ...session, createdAt: 7000 }, 10)
    const found = await sessions.findWithUser(session.id)
    assert.deepEqual([found?.session.status, found?.user.status], ['active', 'blocked'])
    assert.deepEqual([found?.session.createdAt, found?.user.createdAt], [7000, 1000])
  }),

  sessionCase('a second session with the same id is refused', async ({ sessions }) => {
    await sessions.create(session, 10)
    await assert.rejects(sessions.create(sampleSession('one', bob), 10))
    assert.deepEqual(await sessions.find(session.id), session)
  }),

  sessionCase('a session of nobody is refused', async ({ sessions }) => {
    const orphan = sampleSession('one', sampleUser('ghost'))
    await assert.rejects(sessions.create(orphan, 10), { code: 'UNAVAILABLE' })
    assert.equal(await sessions.find(orphan.id), null)
  }),

  sessionCase('beyond the limit, the least recently used session ends', async ({ sessions }) => {
    const old = sampleSession('old', ada, { lastUsedAt: 1100 })
    const older = sampleSession('older', ada, { lastUsedAt: 1050 })
    const fresh = sampleSession('fresh', ada, { createdAt: 1200, lastUsedAt: 1200 })
    await sessions.create(old, 2)
    await sessions.create(older, 2)
    await sessions.create(fresh, 2)
    assert.deepEqual(await sessions.listActive(ada.id), [fresh, old])
    assert.deepEqual(await sessions.find(older.id), {
      ...older,
      status: 'ended',
      endedAt: 1200,
      endReason: 'session_limit',
    })
  }),

  sessionCase('the limit never ends the session that is added', async ({ sessions }) => {
    const added = sampleSession('added', ada, { lastUsedAt: 1 })
    await sessions.create(session, 1)
    await sessions.create(added, 1)
    assert.deepEqual(await sessions.listActive(ada.id), [added])
  }),

  sessionCase('the limit counts active sessions of the user alone', async ({ sessions }) => {
    const ended = sampleSession('ended', ada)
    await sessions.create(ended, 2)
    await sessions.end(ended.id, 'logout', 1500)
    await sessions.create(sampleSession('other', bob), 2)
    await sessions.create(session, 2)
    await sessions.create(sampleSession('two', ada), 2)
    assert.equal((await sessions.listActive(ada.id)).length, 2)
    assert.equal((await sessions.listActive(bob.id)).length, 1)
    assert.equal((await sessions.find(ended.id))?.endReason, 'logout')
  }),

  sessionCase('a lowered limit ends all that are too many', async ({ sessions }) => {
    for (const name of ['a', 'b', 'c', 'd']) await sessions.create(sampleSession(name, ada), 10)
    await sessions.create(session, 2)
    assert.equal((await sessions.listActive(ada.id)).length, 2)
  }),

  sessionCase('many who sign in at once stay within the limit', async ({ sessions }) => {
    await atOnce((index) => sessions.create(sampleSession(`s${index}`, ada), 5))
    assert.equal((await sessions.listActive(ada.id)).length, 5)
  }),

  sessionCase('all that are kept of a user are listed, ended ones too', async ({ sessions }) => {
    const younger = sampleSession('a', ada, { createdAt: 1100 })
    await sessions.create(younger, 10)
    await sessions.create(session, 10)
    await sessions.create(sampleSession('other', bob), 10)
    await sessions.end(younger.id, 'logout', 1500)
    const ended = { status: 'ended', endedAt: 1500, endReason: 'logout' } as const
    assert.deepEqual(await sessions.listOfUser(ada.id), [session, { ...younger, ...ended }])
    assert.deepEqual(await sessions.listOfUser('usr_nobody'), [])
  }),

  sessionCase('hostile text comes back as it was', async ({ sessions }) => {
    for (const [index, text] of hostileTexts.entries()) {
      const hostile = sampleSession(`s${index}`, ada, { userAgent: text, authMethods: [text] })
      await sessions.create(hostile, 100)
      assert.deepEqual(await sessions.find(hostile.id), hostile)
    }
  }),

  sessionCase('an id that cannot be kept finds nothing and ends nothing', async ({ sessions }) => {
    await sessions.create({ ...session, id: 'ses_\uFFFD' }, 10)
    for (const id of ['ses_\uD800', 'ses_\uFFFD\0']) {
      assert.equal(await sessions.find(id), null)
      assert.equal(await sessions.findWithUser(id), null)
      // Some databases refuse to look.
      assert.equal(await sessions.end(id, 'logout', 1500).catch(() => false), false)
    }
    assert.equal((await sessions.listActive(ada.id)).length, 1)
  }),
]

const ending: readonly StoreCase[] = [
  sessionCase('a session ends once, with the first reason', async ({ sessions }) => {
    await sessions.create(session, 10)
    assert.equal(await sessions.end(session.id, 'logout', 1500), true)
    assert.equal(await sessions.end(session.id, 'ended_by_admin', 1600), false)
    assert.deepEqual(await sessions.find(session.id), {
      ...session,
      status: 'ended',
      endedAt: 1500,
      endReason: 'logout',
    })
  }),

  sessionCase('a session that is not there does not end', async ({ sessions }) => {
    assert.equal(await sessions.end(session.id, 'logout', 1500), false)
  }),

  sessionCase('of many who end one session, one does', async ({ sessions }) => {
    await sessions.create(session, 10)
    const results = await atOnce((index) => sessions.end(session.id, 'logout', 1500 + index))
    assert.equal(count(results, true), 1)
    assert.equal((await sessions.find(session.id))?.endedAt, 1500 + results.indexOf(true))
  }),

  sessionCase(
    'all active sessions of a user but one end, and of nobody else',
    async ({ sessions }) => {
      const ended = sampleSession('ended', ada)
      const foreign = sampleSession('foreign', bob)
      for (const each of [session, sampleSession('two', ada), ended, foreign]) {
        await sessions.create(each, 10)
      }
      await sessions.end(ended.id, 'logout', 1400)
      const spared = sampleSession('spared', ada)
      await sessions.create(spared, 10)
      const input = { reason: 'logout_everywhere', at: 1500, except: spared.id } as const
      assert.equal(await sessions.endOthersOfUser(ada.id, input), 2)
      assert.deepEqual(await sessions.listActive(ada.id), [spared])
      assert.deepEqual(await sessions.listActive(bob.id), [foreign])
      assert.equal((await sessions.find(session.id))?.endReason, 'logout_everywhere')
      assert.equal((await sessions.find(session.id))?.endedAt, 1500)
      assert.equal((await sessions.find(ended.id))?.endReason, 'logout')
    },
  ),

  sessionCase('one session may be spared when all others end', async ({ sessions }) => {
    await sessions.create(session, 10)
    await sessions.create(sampleSession('two', ada), 10)
    const input = { reason: 'logout_everywhere', at: 1500, except: session.id } as const
    assert.equal(await sessions.endOthersOfUser(ada.id, input), 1)
    assert.deepEqual(await sessions.listActive(ada.id), [session])
  }),
]

const listing: readonly StoreCase[] = [
  sessionCase('sessions are listed most recently used first, then by id', async ({ sessions }) => {
    const used = (name: string, lastUsedAt: number) => sampleSession(name, ada, { lastUsedAt })
    const [a, b, c] = [used('a', 1100), used('b', 1300), used('c', 1300)]
    for (const each of [c, a, b]) await sessions.create(each, 10)
    assert.deepEqual(await sessions.listActive(ada.id), [b, c, a])
  }),

  sessionCase('ended sessions and those of others are not listed', async ({ sessions }) => {
    await sessions.create(session, 10)
    await sessions.create(sampleSession('foreign', bob), 10)
    await sessions.end(session.id, 'logout', 1500)
    assert.deepEqual(await sessions.listActive(ada.id), [])
  }),
]

const sweeping: readonly StoreCase[] = [
  sessionCase('sessions that expired before a time are removed', async ({ sessions }) => {
    const before = sampleSession('before', ada, { expiresAt: 1999 })
    const at = sampleSession('at', ada, { expiresAt: 2000 })
    await sessions.create(before, 10)
    await sessions.create(at, 10)
    assert.equal(await sessions.deleteExpired(2000), 1)
    assert.equal(await sessions.find(before.id), null)
    assert.deepEqual(await sessions.find(at.id), at)
  }),

  sessionCase('sessions that ended before a time are removed', async ({ sessions }) => {
    const before = sampleSession('before', ada, { expiresAt: 9000 })
    const at = sampleSession('at', ada, { expiresAt: 9000 })
    await sessions.create(before, 10)
    await sessions.create(at, 10)
    await sessions.end(before.id, 'logout', 1999)
    await sessions.end(at.id, 'logout', 2000)
    assert.equal(await sessions.deleteExpired(2000), 1)
    assert.equal(await sessions.find(before.id), null)
    assert.notEqual(await sessions.find(at.id), null)
  }),

  sessionCase('a session that ended and expired is counted once', async ({ sessions }) => {
    await sessions.create(session, 10)
    await sessions.end(session.id, 'logout', 1500)
    assert.equal(await sessions.deleteExpired(5000), 1)
    assert.equal(await sessions.deleteExpired(5000), 0)
  }),
]

/** What a `SessionStore` must do. */
export const sessionStoreContract: readonly StoreCase[] = [
  ...creating,
  ...sessionRotation,
  ...ending,
  ...listing,
  ...sweeping,
]
