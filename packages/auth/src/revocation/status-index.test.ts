import { beforeEach, expect, test } from 'vitest'
import type { Stores } from '../model/stores.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { listCount, listSize, statusIndexOf } from './status-index.ts'

let stores: Stores
beforeEach(async () => {
  stores = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
})

const subject = (number: number) => ({
  sessionId: `ses_${number}`,
  tokenVersion: 0,
  rolesVersion: 0,
})
const random = fakeRandom('status')
/** Draws the same index again and again. */
const stuck = { bytes: (length: number) => new Uint8Array(length) }

test('a subject keeps its index', async () => {
  const index = await statusIndexOf({ stores, random }, subject(1), 9000)
  expect(await statusIndexOf({ stores, random }, subject(1), 9000)).toBe(index)
})

test('indexes come from all over the list, each once, in no order', async () => {
  const indexes: number[] = []
  for (let number = 0; number < 200; number += 1) {
    indexes.push(await statusIndexOf({ stores, random }, subject(number), 9000))
  }
  expect(new Set(indexes).size).toBe(200)
  const sorted = indexes.toSorted((a, b) => a - b)
  expect(indexes).not.toEqual(sorted)
  expect(sorted[0]).toBeLessThan(listSize / 10)
  expect(sorted.at(-1)).toBeGreaterThan(listSize * 0.9)
  expect(sorted.at(-1)).toBeLessThan(listSize)
})

test('when indexes are hard to find another list is begun', async () => {
  const deps = { stores, random: stuck }
  expect(await statusIndexOf(deps, subject(1), 9000)).toBe(0)
  expect(await statusIndexOf(deps, subject(2), 9000)).toBe(listSize)
  expect(await listCount(stores)).toBe(2)
})

test('without any luck nothing is given', async () => {
  const deps = { stores, random: stuck }
  await stores.statuses.assign(subject(1), 0, 9000)
  await stores.statuses.assign(subject(2), listSize, 9000)
  await expect(statusIndexOf(deps, subject(3), 9000)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('of many who ask for one subject all get the same', async () => {
  const asked = Array.from({ length: 20 }, () =>
    statusIndexOf({ stores, random }, subject(1), 9000),
  )
  expect(new Set(await Promise.all(asked)).size).toBe(1)
})
