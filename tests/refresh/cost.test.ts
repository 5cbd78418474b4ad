import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Authority,
  addUser,
  openAuthority,
  refreshOnce,
  signIn,
  temporaryDatabase,
} from './authority.ts'

const database = temporaryDatabase()
let authority: Authority

beforeAll(async () => {
  authority = await openAuthority(database.path, { settings: { maxSessionsPerUser: 10_000 } })
})

afterAll(async () => {
  await authority.stores.close()
  database.remove()
})

test('a refresh costs the same with one session and with 3,000 of one user (G5)', async () => {
  const lonely = await signIn(authority)
  const busyUser = await addUser(authority)
  const crowd = await Promise.all(Array.from({ length: 3000 }, () => signIn(authority, busyUser)))

  // Taken in turn, so that whatever else the machine does slows both alike.
  const tokens = { lonely: lonely.refreshToken, crowded: crowd[1500]?.refreshToken ?? '' }
  const tookMs = { lonely: [] as number[], crowded: [] as number[] }
  for (let round = 0; round < 200; round++) {
    for (const who of ['lonely', 'crowded'] as const) {
      const startedAt = performance.now()
      tokens[who] = await refreshOnce(authority, tokens[who])
      tookMs[who].push(performance.now() - startedAt)
    }
  }
  expect(median(tookMs.crowded)).toBeLessThan(3 * median(tookMs.lonely))
}, 60_000)

test('a refresh is one read and one write, however many sessions there are (G5)', async () => {
  const user = await addUser(authority)
  const sessions = await Promise.all(Array.from({ length: 20 }, () => signIn(authority, user)))
  const calls: string[] = []
  const counted = { ...authority, stores: { ...authority.stores, sessions: recorder(calls) } }
  await refreshOnce(counted, sessions[7]?.refreshToken ?? '')
  expect(calls).toEqual(['findWithUser', 'rotate'])
})

/** The session store, with the names of the methods called written down. */
function recorder(calls: string[]): Authority['stores']['sessions'] {
  const { sessions } = authority.stores
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
