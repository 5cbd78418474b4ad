import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RevocationStore } from '../model/revocation.ts'
import type { Stores } from '../model/stores.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { sampleSession, sampleUser } from '../testing/contracts/samples.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { RevocationHub } from './hub.ts'

const ada = sampleUser('ada')
const clock = fakeClock(1000)
let stores: Stores
let hub: RevocationHub
let nowMs = 0

beforeEach(async () => {
  nowMs = 0
  stores = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
  await stores.users.create(ada)
  hub = hubOver(stores.revocations)
  await hub.ready()
})
afterEach(async () => {
  hub.stop()
  await stores.close()
})

function hubOver(revocations: RevocationStore): RevocationHub {
  const monotonicMs = () => nowMs
  const made = new RevocationHub({
    revocations,
    clock,
    log: silentLogger,
    feedId: 'feed',
    monotonicMs,
  })
  made.start()
  return made
}

let sessions = 0

/** Ends a new session. @returns Its id. */
async function endOne(): Promise<string> {
  const { id } = sampleSession(`s${++sessions}`, ada)
  await stores.sessions.create({ ...sampleSession('x', ada), id }, 1000)
  await stores.sessions.end(id, 'logout', 1000)
  return id
}

const cursorNow = async () => `feed~${await stores.revocations.position()}`
const poll = (cursor: string, holdMs = 0) => hub.poll({ cursor, holdMs, verifierId: null })
const keysOf = (answer: Awaited<ReturnType<typeof poll>>) => answer?.entries.map(({ key }) => key)

test('a poll that is behind is answered at once, from wherever it stands', async () => {
  const start = await cursorNow()
  const first = await endOne()
  const middle = await cursorNow()
  const second = await endOne()
  // What has just been written is in the next read.
  await vi.waitFor(async () => expect(keysOf(await poll(start))).toEqual([first, second]))
  expect(keysOf(await poll(middle))).toEqual([second])
})

test('a poll that is held is answered when something comes', async () => {
  const held = poll(await cursorNow(), 10_000)
  const ended = await endOne()
  expect(keysOf(await held)).toEqual([ended])
})

/** As PostgreSQL names places: another name each time, and the old one while nothing is new. */
function manyNames(store: RevocationStore): RevocationStore {
  let names = 0
  const named = (cursor: string) => `${++names}.${cursor}`
  return {
    ...store,
    position: async () => named(await store.position()),
    async readAfter(cursor, limit) {
      const part = await store.readAfter(cursor.slice(cursor.indexOf('.') + 1), limit)
      if (!part) return null
      return part.entries.length === 0
        ? { ...part, cursor }
        : { ...part, cursor: named(part.cursor) }
    },
  }
}

test('a poll is held at the same place by another name, too', async () => {
  const revocations = manyNames(stores.revocations)
  const other = hubOver(revocations)
  await other.ready()
  const held = other.poll({
    cursor: `feed~${await revocations.position()}`,
    holdMs: 10_000,
    verifierId: null,
  })
  const ended = await endOne()
  expect(keysOf(await held)).toEqual([ended])
  other.stop()
})

test('whoever is held is let go when the hub stops', async () => {
  const held = poll(await cursorNow(), 10_000)
  hub.stop()
  expect(keysOf(await held)).toEqual([])
})

test.each(['other~1', 'feed~x', 'feed~99999', 'feed', ''])(
  'the cursor "%s" leads nowhere',
  async (cursor) => {
    expect(await poll(cursor)).toBeNull()
  },
)

test('an answer says how old the read behind it is', async () => {
  const cursor = await cursorNow()
  await vi.waitFor(async () => expect((await poll(cursor))?.ageMs).toBe(0))
  stores.revocations.readAfter = () => new Promise(() => {})
  nowMs = 700
  expect((await poll(cursor))?.ageMs).toBeGreaterThanOrEqual(0)
})

test('what the store has not confirmed for a second is no answer', async () => {
  const cursor = await cursorNow()
  stores.revocations.readAfter = () => Promise.reject(new Error('down'))
  nowMs = 5000
  await expect(poll(cursor)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('this process knows at once what it has revoked', async () => {
  const id = await endOne()
  expect(hub.local.isRevoked({ sub: ada.id, sid: id }, undefined)).toBe(true)
})

test('more than fits into an answer sends the reader to the snapshot', async () => {
  const readAfter = vi.fn(async () => null)
  const other = hubOver({ ...stores.revocations, readAfter, position: async () => '1' })
  await other.ready()
  expect(await other.poll({ cursor: 'feed~0', holdMs: 0, verifierId: null })).toBeNull()
  other.stop()
})

test('a snapshot comes in pages, each with the place where it began', async () => {
  const [first, second] = [await endOne(), await endOne()]
  const list = stores.revocations.list.bind(stores.revocations)
  stores.revocations.list = (input) => list({ ...input, limit: 1 })
  const one = await hub.page(null)
  await endOne()
  const two = await hub.page(one?.next ?? '')
  expect(one?.entries.map(({ key }) => key)).toEqual([first])
  expect(two?.entries.map(({ key }) => key)).toEqual([second])
  expect(two?.cursor).toBe(one?.cursor)
})

test.each(['feed~1', 'other~1/1', 'feed~1/', 'feed~1/ ', ''])(
  'the page "%s" leads nowhere',
  async (page) => {
    expect(await hub.page(page)).toBeNull()
  },
)
