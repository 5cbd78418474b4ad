import { expect, test } from 'vitest'
import { silentLogger } from '../../packages/auth/src/ports/logger.ts'
import { openSqlStores } from '../../packages/auth/src/stores/sql/open-sql-stores.ts'
import { fakeRandom } from '../../packages/auth/src/testing/fake-random.ts'
import { isLong } from '../chaos/plan.ts'
import { writeChaotically } from '../postgres-server/chaotic-writers.ts'
import { anyTestServer, makeDatabase, runOn } from '../postgres-server/test-databases.ts'

// SQLite's writers come one after another: only PostgreSQL's can overlap.

test('of revocations by transactions that overlap none is missed', async () => {
  const entries = isLong ? 100_000 : 10_000
  const url = await makeDatabase(anyTestServer())
  const stores = await openSqlStores({ url, log: silentLogger })
  const [ours, byId] = [new Set<string>(), new Set<string>()]
  let isOver = false

  /** As a hub reads: again as soon as it has an answer. */
  const follow = async () => {
    let cursor = await stores.revocations.position()
    for (let isLast = false; ; isLast = isOver) {
      const part = await stores.revocations.readAfter(cursor, 5000)
      if (!part) throw new Error('the cursor leads nowhere')
      for (const { key } of part.entries) ours.add(key)
      cursor = part.cursor
      if (isLast) return
    }
  }
  /** As one would think of first: everything above the highest number seen. */
  const followById = async () => {
    for (let [last, isLast] = [0, false]; ; isLast = isOver) {
      const query = `SELECT id, key FROM countersign.revocations WHERE id > ${last} ORDER BY id`
      const { rows } = await runOn(url, query)
      for (const { id, key } of rows as { id: string; key: string }[]) {
        byId.add(key)
        last = Number(id)
      }
      if (isLast) return
    }
  }

  const following = Promise.all([follow(), followById()])
  const random = fakeRandom('completeness')
  const committed = await writeChaotically({ url, random }, { writers: 30, entries })
  isOver = true
  await following
  await stores.close()

  const missing = (read: ReadonlySet<string>) => [...committed].filter((key) => !read.has(key))
  const [oursMissing, byIdMissing] = [missing(ours).length, missing(byId).length]
  const share = ((100 * byIdMissing) / committed.size).toFixed(1)
  process.stdout.write(
    `${committed.size} revocations: ${oursMissing} missed by snapshot, ${byIdMissing} (${share} %) by number\n`,
  )
  expect(committed.size).toBeGreaterThan(entries / 2)
  expect(oursMissing).toBe(0)
  // Otherwise nothing overlapped, and nothing was shown.
  expect(byIdMissing).toBeGreaterThan(0)
}, 300_000)
