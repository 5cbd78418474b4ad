import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeChaotically } from '../../../../../../tests/postgres-server/chaotic-writers.ts'
import {
  makeDatabase,
  runOn,
  testServers,
} from '../../../../../../tests/postgres-server/test-databases.ts'
import type { Stores } from '../../../model/stores.ts'
import { silentLogger } from '../../../ports/logger.ts'
import { sampleSession, sampleUser } from '../../../testing/contracts/samples.ts'
import { fakeRandom } from '../../../testing/fake-random.ts'
import { openSqlStores } from '../open-sql-stores.ts'

describe.each(testServers())('$name', (server) => {
  let url: string
  let stores: Stores
  beforeAll(async () => {
    url = await makeDatabase(server)
    stores = await openSqlStores({ url, log: silentLogger })
  })
  afterAll(() => stores.close())

  /** Follows the ledger until told to stop, and once more then. */
  async function follow(isOver: () => boolean): Promise<string[]> {
    const keys: string[] = []
    let cursor = await stores.revocations.position()
    for (let isLast = false; ; isLast = isOver()) {
      const part = await stores.revocations.readAfter(cursor, 5000)
      if (!part) throw new Error('the cursor leads nowhere')
      keys.push(...part.entries.map(({ key }) => key))
      cursor = part.cursor
      if (isLast) return keys
    }
  }

  test('a reader misses no entry, however transactions overlap', async () => {
    let isOver = false
    const following = follow(() => isOver)
    const random = fakeRandom(server.name)
    const committed = await writeChaotically({ url, random }, { writers: 20, entries: 3000 })
    isOver = true
    const read = new Set(await following)
    expect(committed.size).toBeGreaterThan(2000)
    expect([...committed].filter((key) => !read.has(key))).toEqual([])
    // And nothing of what was rolled back.
    expect([...read].filter((key) => !committed.has(key))).toEqual([])
  }, 60_000)

  test('a cursor of another server, or of what lies ahead, leads nowhere', async () => {
    const cursor = await stores.revocations.position()
    const [identity = '', snapshot = ''] = cursor.split('.')
    const [systemId = '', timeline = ''] = identity.split('-')
    const others = [
      `${BigInt(systemId) + 1n}-${timeline}.${snapshot}`,
      // As after a failover.
      `${systemId}-00000009.${snapshot}`,
      `${identity}.1:999999999:`,
      `${identity}.nonsense`,
      '',
    ]
    for (const other of others) {
      expect(await stores.revocations.readAfter(other, 100)).toBeNull()
    }
    expect(await stores.revocations.readAfter(cursor, 100)).not.toBeNull()
  })

  test('a verifier counts as reached when its cursor saw the entry committed', async () => {
    const ada = sampleUser('ada')
    const { id } = sampleSession('one', ada)
    await stores.users.create(ada)
    await stores.sessions.create(sampleSession('one', ada), 10)
    const note = async (verifierId: string, cursor: string) =>
      stores.revocations.noteProgress([{ verifierId, cursor, seenAt: 1000 }])
    await note('before__________', await stores.revocations.position())
    await stores.sessions.end(id, 'logout', 1000)
    await note('after___________', await stores.revocations.position())
    const reach = await stores.revocations.reach({ kind: 'session', key: id }, 1000)
    expect(reach).toEqual({ of: 2, effectiveOn: 1 })
  })

  test('another process hears that there are new entries', async () => {
    const other = await openSqlStores({ url, log: silentLogger })
    let news = 0
    const end = other.revocations.onWritten(() => {
      news += 1
    })
    // Once when it begins to listen.
    await expect.poll(() => news).toBe(1)
    await stores.users.delete(sampleUser('ada').id, 2000)
    await expect.poll(() => news).toBe(2)
    await runOn(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'",
    )
    await expect.poll(() => news).toBe(3)
    end()
    await other.close()
  })
})
