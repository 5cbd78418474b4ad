import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pathOf, sqliteFile } from '../test-stores.ts'
import { type Authority, openAuthority, refreshOnce, signIn } from './authority.ts'

const databases = [await sqliteFile.make(), await sqliteFile.make()] as const
let lonely: Authority
let crowded: Authority

beforeAll(async () => {
  lonely = await openAuthority(databases[0].url)
  crowded = await openAuthority(databases[1].url)
})

afterAll(async () => {
  await Promise.all([lonely.stores.close(), crowded.stores.close()])
  for (const database of databases) database.remove()
})

test('a refresh costs the same when the user has 20,000 sessions (G5)', async () => {
  const alone = (await signIn(lonely)).refreshToken
  const among = (await signIn(crowded)).refreshToken
  multiplySessions(pathOf(databases[1].url), 20_000)
  await refreshOnce(lonely, alone)
  await refreshOnce(crowded, among)

  // Repeats, because they only read: no disk blurs the figures. Taken in turn, so that
  // whatever else the machine does slows both alike.
  const tookMs = { alone: [] as number[], among: [] as number[] }
  for (let round = 0; round < 300; round++) {
    tookMs.alone.push(await timed(() => refreshOnce(lonely, alone)))
    tookMs.among.push(await timed(() => refreshOnce(crowded, among)))
  }
  expect(median(tookMs.among)).toBeLessThan(3 * median(tookMs.alone))
}, 60_000)

test('a refresh is one read and one write, however many sessions there are (G5)', async () => {
  const { refreshToken } = await signIn(crowded)
  const calls: string[] = []
  const counted = { ...crowded, stores: { ...crowded.stores, sessions: recorder(calls) } }
  await refreshOnce(counted, refreshToken)
  expect(calls).toEqual(['findWithUser', 'rotate'])
})

/** Copies every session many times, under ids of their own. */
function multiplySessions(path: string, times: number): void {
  const db = new BetterSqlite(path)
  db.exec(`
    create temp table crowd as
      with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${times})
      select sessions.* from sessions, numbers;
    alter table crowd drop column expires_day;
    update crowd set id = 'ses_' || hex(randomblob(11));
    insert into sessions select * from crowd;
  `)
  db.close()
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await act()
  return performance.now() - startedAt
}

/** The session store, with the names of the methods called written down. */
function recorder(calls: string[]): Authority['stores']['sessions'] {
  const { sessions } = crowded.stores
  return new Proxy(sessions, {
    get(target, name: keyof typeof sessions) {
      calls.push(name)
      return target[name]
    },
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
