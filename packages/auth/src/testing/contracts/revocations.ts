import { strict as assert } from 'node:assert'
import { type Revocation, revocationSeconds } from '../../model/revocation.ts'
import type { Stores } from '../../model/stores.ts'
import { sampleKey, sampleSession, sampleUser } from './samples.ts'
import { atOnce, crowd, type StoreCase, storeCase } from './store-case.ts'

const at = 5000
const expiresAt = at + revocationSeconds
const ada = sampleUser('ada')
const session = sampleSession('one', ada)
const other = sampleSession('two', ada)

/** Everything in the ledger. */
async function entriesOf({ revocations }: Stores): Promise<readonly Revocation[]> {
  return (await revocations.list({ now: 0, limit: 1000 })).entries
}

async function signIn({ users, sessions }: Stores): Promise<void> {
  await users.create(ada)
  await sessions.create(session, 10)
  await sessions.create(other, 10)
}

/** A cause and the one entry it leaves. */
function causes(name: string, cause: (stores: Stores) => Promise<unknown>, entry: object) {
  return storeCase(`${name} leaves one entry`, async (stores) => {
    await signIn(stores)
    await cause(stores)
    assert.deepEqual(await entriesOf(stores), [{ ...entry, expiresAt }])
  })
}

const raise = ['tokenVersion'] as const
const ofUser = { kind: 'user', key: ada.id, floor: 1 }
const ofSession = { kind: 'session', key: session.id, floor: 0 }

/** What a `RevocationStore`, and every store that revokes, must do. */
export const revocationStoreContract: readonly StoreCase[] = [
  causes('ending a session', ({ sessions }) => sessions.end(session.id, 'logout', at), {
    ...ofSession,
    reason: 'logout',
  }),
  causes(
    'ending the other sessions of a user, of which there is one,',
    ({ sessions }) =>
      sessions.endOthersOfUser(ada.id, { reason: 'logout_everywhere', at, except: other.id }),
    { ...ofSession, reason: 'logout_everywhere' },
  ),
  causes(
    'blocking a user',
    ({ users }) =>
      users.update(ada.id, { status: 'blocked', raise, reason: 'user_blocked', updatedAt: at }),
    { ...ofUser, reason: 'user_blocked' },
  ),
  causes('deleting a user', ({ users }) => users.delete(ada.id, at), {
    ...ofUser,
    reason: 'user_deleted',
  }),
  causes(
    'a session beyond the limit',
    ({ sessions }) =>
      sessions.create(sampleSession('new', ada, { createdAt: at, lastUsedAt: at }), 2),
    { ...ofSession, key: other.id, reason: 'session_limit' },
  ),
  causes(
    'revoking a signing key',
    async ({ signingKeys }) => {
      await signingKeys.add(sampleKey('k1'), null)
      await signingKeys.revoke('k1', at)
    },
    { kind: 'key', key: 'k1', floor: 0, reason: 'key_compromised' },
  ),

  storeCase('a change of a role leaves one entry, however many have it', async (stores) => {
    const { roles, users } = stores
    await roles.put({ name: 'editor', permissions: [] }, at)
    await atOnce((index) => users.create(sampleUser(`u${index}`, { roles: ['editor'] })))
    await roles.put({ name: 'editor', permissions: ['posts:write'] }, at)
    assert.deepEqual(await entriesOf(stores), [
      { kind: 'role', key: 'editor', floor: 1, reason: 'role_changed', expiresAt },
    ])
  }),

  storeCase('what changes nothing leaves no entry', async (stores) => {
    const { sessions, users, roles, signingKeys } = stores
    await signIn(stores)
    await users.update(ada.id, { name: 'Ada', updatedAt: at })
    await users.update('usr_ghost', { raise, updatedAt: at })
    await users.update(ada.id, { raise, updatedAt: at }, { sessionVersion: 7 })
    await users.delete('usr_ghost', at)
    await sessions.end('ses_ghost', 'logout', at)
    const except = session.id
    await sessions.endOthersOfUser('usr_ghost', { reason: 'logout_everywhere', at, except })
    await roles.delete('ghost', at)
    await signingKeys.revoke('ghost', at)
    assert.deepEqual(await entriesOf(stores), [])
  }),

  storeCase('of many who end one session, one writes of it', async (stores) => {
    await signIn(stores)
    await atOnce(() => stores.sessions.end(session.id, 'logout', at))
    assert.equal((await entriesOf(stores)).length, 1)
  }),

  storeCase('floors of one user are all different, and the last is theirs', async (stores) => {
    const { users } = stores
    await signIn(stores)
    await atOnce(() => users.update(ada.id, { raise, updatedAt: at }))
    const floors = (await entriesOf(stores)).map(({ floor }) => floor).toSorted((a, b) => a - b)
    assert.deepEqual(
      floors,
      Array.from({ length: crowd }, (_, index) => index + 1),
    )
  }),

  storeCase('a reader gets what came after its place, once', async (stores) => {
    const { revocations, sessions } = stores
    await signIn(stores)
    await sessions.end(session.id, 'logout', at)
    const place = await revocations.position()
    assert.deepEqual((await revocations.readAfter(place, 10))?.entries, [])
    await sessions.end(other.id, 'logout', at)
    const part = await revocations.readAfter(place, 10)
    assert.deepEqual(
      part?.entries.map(({ key }) => key),
      [other.id],
    )
    assert.deepEqual((await revocations.readAfter(part?.cursor ?? '', 10))?.entries, [])
  }),

  storeCase('a reader misses nothing while many write', async (stores) => {
    const { revocations, sessions, users } = stores
    await users.create(ada)
    const names = Array.from({ length: crowd }, (_, index) => `s${index}`)
    for (const name of names) await sessions.create(sampleSession(name, ada), 1000)
    const seen = new Set<string>()
    let cursor = await revocations.position()
    let isWriting = true
    const writing = Promise.all(
      names.map((name) => sessions.end(sampleSession(name, ada).id, 'logout', at)),
    ).finally(() => {
      isWriting = false
    })
    for (let last = false; !last; ) {
      // The round that begins after the last write has ended sees the rest.
      last = !isWriting
      const part = await revocations.readAfter(cursor, 1000)
      assert.ok(part)
      cursor = part.cursor
      for (const { key } of part.entries) seen.add(key)
    }
    await writing
    assert.equal(seen.size, crowd)
  }),

  storeCase('more than was asked for is no part: the reader starts anew', async (stores) => {
    const { revocations, sessions } = stores
    await signIn(stores)
    const place = await revocations.position()
    await sessions.end(session.id, 'logout', at)
    await sessions.end(other.id, 'logout', at)
    assert.equal(await revocations.readAfter(place, 1), null)
    assert.equal((await revocations.readAfter(place, 2))?.entries.length, 2)
  }),

  storeCase('a cursor of no place of this ledger is refused', async ({ revocations }) => {
    for (const cursor of ['', 'x', '-1', '1.5', '99999', "' OR 1=1 --", '1e3', '9'.repeat(400)]) {
      assert.equal(await revocations.readAfter(cursor, 10), null)
    }
  }),

  storeCase('the list comes in pages, without what has expired', async (stores) => {
    const { revocations, sessions } = stores
    await signIn(stores)
    await sessions.end(session.id, 'logout', at - 10)
    await sessions.end(other.id, 'logout', at)
    const first = await revocations.list({ now: 0, limit: 1 })
    assert.deepEqual(
      first.entries.map(({ key }) => key),
      [session.id],
    )
    const second = await revocations.list({ now: 0, limit: 1, after: first.next ?? '' })
    assert.deepEqual(
      second.entries.map(({ key }) => key),
      [other.id],
    )
    const unexpired = await revocations.list({ now: expiresAt - 10, limit: 10 })
    assert.deepEqual(
      unexpired.entries.map(({ key }) => key),
      [other.id],
    )
  }),

  storeCase('a place stays a place when what was before it is swept', async (stores) => {
    const { revocations, sessions } = stores
    await signIn(stores)
    await sessions.end(session.id, 'logout', at)
    const place = await revocations.position()
    assert.equal(await revocations.deleteExpired(expiresAt + 1), 1)
    assert.equal((await revocations.readAfter(place, 10))?.entries.length, 0)
    await sessions.end(other.id, 'logout', at)
    assert.equal((await revocations.readAfter(place, 10))?.entries.length, 1)
  }),

  storeCase('a sweep takes what has expired, and nothing else', async (stores) => {
    const { revocations, sessions } = stores
    await signIn(stores)
    await sessions.end(session.id, 'logout', at)
    assert.equal(await revocations.deleteExpired(expiresAt), 0)
    assert.equal((await entriesOf(stores)).length, 1)
  }),

  storeCase('who listens hears of entries before the call that wrote them ends', async (stores) => {
    await signIn(stores)
    const heard: Revocation[] = []
    const stop = stores.revocations.onWritten((entries) => heard.push(...entries))
    await stores.sessions.end(session.id, 'logout', at)
    // With several connections, only the one that wrote tells.
    assert.ok(heard.every(({ key }) => key === session.id))
    stop()
    const before = heard.length
    await stores.sessions.end(other.id, 'logout', at)
    assert.equal(heard.length, before)
  }),

  storeCase('a revocation reaches those whose cursor covers it', async (stores) => {
    const { revocations, sessions } = stores
    await signIn(stores)
    const before = await revocations.position()
    await sessions.end(session.id, 'logout', at)
    const after = await revocations.position()
    await revocations.noteProgress([
      { verifierId: 'ahead', cursor: after, seenAt: 100 },
      { verifierId: 'behind', cursor: before, seenAt: 100 },
      { verifierId: 'silent', cursor: after, seenAt: 50 },
    ])
    const target = { kind: 'session', key: session.id } as const
    assert.deepEqual(await revocations.reach(target, 60), { of: 2, effectiveOn: 1 })
    await revocations.noteProgress([{ verifierId: 'behind', cursor: after, seenAt: 110 }])
    assert.deepEqual(await revocations.reach(target, 60), { of: 2, effectiveOn: 2 })
    const ghost = { kind: 'session', key: 'ses_ghost' } as const
    assert.deepEqual(await revocations.reach(ghost, 60), { of: 2, effectiveOn: 0 })
  }),
]
