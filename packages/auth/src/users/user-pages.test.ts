import { beforeAll, expect, test } from 'vitest'
import type { Stores } from '../model/stores.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { sampleUser } from '../testing/contracts/samples.ts'
import { userPages } from './user-pages.ts'

const total = 1100

let stores: Stores
let listCalls = 0
beforeAll(async () => {
  const opened = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
  for (let index = 0; index < total; index++) {
    await opened.users.create({ ...sampleUser(`u${index}`), createdAt: 1000 + (index >> 2) })
  }
  const { users } = opened
  stores = { ...opened, users: { ...users, list: (query) => (listCalls++, users.list(query)) } }
  return () => opened.close()
})

async function idsOf(query: Parameters<typeof userPages>[1]): Promise<string[]> {
  const ids: string[] = []
  for await (const page of userPages(stores, query)) ids.push(...page.map(({ id }) => id))
  return ids
}

test('every user comes once, in the order of the store', async () => {
  const all = await stores.users.list({ limit: 1000 })
  const ids = await idsOf({})
  expect(new Set(ids).size).toBe(total)
  expect(ids.slice(0, 1000)).toEqual(all.map(({ id }) => id))
})

test.each([1, 499, 500, 501, 1000, 1099, 1100, 2000])(
  'a limit of %i gives so many of the first',
  async (limit) => {
    expect(await idsOf({ limit })).toEqual((await idsOf({})).slice(0, limit))
  },
)

test('a page is read when it is asked for', async () => {
  listCalls = 0
  const pages = userPages(stores, {})
  await pages.next()
  expect(listCalls).toBe(1)
})

test('a search holds for every page', async () => {
  const ids = await idsOf({ search: 'u10' })
  expect(ids).toHaveLength(111)
})

test('when nobody matches there is no page', async () => {
  const pages = userPages(stores, { search: 'nobody' })
  expect(await pages.next()).toEqual({ done: true, value: undefined })
})
