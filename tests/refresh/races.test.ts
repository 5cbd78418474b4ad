import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fakeClock } from '../../packages/auth/src/testing/fake-clock.ts'
import { givenStore } from '../test-stores.ts'
import {
  type Authority,
  attemptRefresh,
  openAuthority,
  refreshOnce,
  signIn,
  tally,
} from './authority.ts'

// Two connections to one file, as two processes have: nothing is shared but the database.
const database = await givenStore().make()
const clock = fakeClock()
let authorities: [Authority, Authority]

beforeAll(async () => {
  authorities = [
    await openAuthority(database.url, { clock, seed: 'one' }),
    await openAuthority(database.url, { clock, seed: 'two' }),
  ]
})

afterAll(async () => {
  await Promise.all(authorities.map(({ stores }) => stores.close()))
  database.remove()
})

/** Lets the other side get a few steps ahead: fewer or more from round to round. */
async function aLittleLater<T>(round: number, act: () => Promise<T>): Promise<T> {
  for (const _ of times(round % 12)) await Promise.resolve()
  return await act()
}

const times = (count: number) => Array.from({ length: count }, (_, index) => index)

describe.each([
  ['on one connection', () => authorities[0]],
  ['on two connections', (index: number) => authorities[index % 2 === 0 ? 0 : 1]],
])('%s', (_name, authorityOf) => {
  const owner = () => authorityOf(0)
  const other = () => authorityOf(1)

  test('of 50 simultaneous refreshes, one rotates and 49 get the same token: 100 sessions (G3)', async () => {
    for (const round of times(100)) {
      const { refreshToken } = await signIn(owner())
      const key = round % 2 ? 'key-of-the-owner' : undefined
      const attempts = await Promise.all(
        times(50).map((index) => attemptRefresh(authorityOf(index), refreshToken, key)),
      )
      expect(tally(attempts.map(({ outcome }) => outcome))).toEqual({ rotated: 1, replayed: 49 })
      expect(new Set(attempts.map(({ token }) => token)).size).toBe(1)
    }
  }, 60_000)

  test('of two parties with one token and different keys, one is caught: 250 forks', async () => {
    for (const round of times(250)) {
      const { refreshToken, session } = await signIn(owner())
      const attempts = await Promise.all([
        attemptRefresh(owner(), refreshToken, 'key-of-the-owner'),
        attemptRefresh(other(), refreshToken, round % 2 ? 'key-of-the-thief' : undefined),
      ])
      const outcomes = attempts.map(({ outcome }) => outcome).toSorted()
      expect(outcomes).toEqual(['REFRESH_TOKEN_REUSED', 'rotated'])
      expect(await endReasonOf(session.id)).toBe('refresh_token_reused')
      expect(await isAnyAlive(attempts)).toBe(false)
    }
  }, 60_000)

  test('a log out beats a refresh at the same moment', async () => {
    for (const round of times(100)) {
      const { refreshToken, session } = await signIn(owner())
      const [attempt] = await Promise.all([
        attemptRefresh(owner(), refreshToken),
        aLittleLater(round, () => other().stores.sessions.end(session.id, 'logout', clock.now())),
      ])
      expect(await isAnyAlive([attempt, { token: refreshToken }])).toBe(false)
    }
  }, 60_000)

  test.each([
    ['a block', { status: 'blocked' as const }],
    ['a change of password', { passwordHash: '$argon2id$another-hash' }],
  ])(
    '%s beats a refresh at the same moment',
    async (_name, change) => {
      for (const round of times(100)) {
        const { refreshToken, user } = await signIn(owner())
        const update = {
          ...change,
          raise: ['sessionVersion', 'tokenVersion'] as const,
          updatedAt: clock.now(),
        }
        const [attempt] = await Promise.all([
          attemptRefresh(owner(), refreshToken),
          aLittleLater(round, () => other().stores.users.update(user.id, update)),
        ])
        expect(await isAnyAlive([attempt, { token: refreshToken }])).toBe(false)
      }
    },
    60_000,
  )

  test('the end of a reused session beats a refresh at the same moment', async () => {
    for (const round of times(100)) {
      const { refreshToken } = await signIn(owner())
      const current = await refreshOnce(owner(), refreshToken, 'key-of-the-owner')
      const attempts = await Promise.all([
        attemptRefresh(owner(), current, 'key-of-the-owner'),
        aLittleLater(round, () => attemptRefresh(other(), refreshToken, 'key-of-the-thief')),
      ])
      expect(await isAnyAlive([...attempts, { token: current }])).toBe(false)
    }
  }, 60_000)

  async function endReasonOf(id: string): Promise<string | null | undefined> {
    return (await other().stores.sessions.find(id))?.endReason
  }

  /** Whether any of the tokens still opens anything. */
  async function isAnyAlive(attempts: readonly { token?: string }[]): Promise<boolean> {
    const tokens = attempts.flatMap(({ token }) => token ?? [])
    const uses = await Promise.all(
      tokens.map((token) => attemptRefresh(owner(), token, 'key-of-the-owner')),
    )
    return uses.some(({ token }) => token !== undefined)
  }
})

describe('without a key', () => {
  test('a thief who comes after the window is caught: 500 forks', async () => {
    const [authority] = authorities
    const sessions = await Promise.all(times(500).map(() => signIn(authority)))
    const owned = await Promise.all(
      sessions.map(({ refreshToken }) => refreshOnce(authority, refreshToken)),
    )
    clock.advance(61)
    const thefts = await Promise.all(
      sessions.map(({ refreshToken }) => attemptRefresh(authority, refreshToken)),
    )
    expect(tally(thefts.map(({ outcome }) => outcome))).toEqual({ REFRESH_TOKEN_REUSED: 500 })
    const after = await Promise.all(owned.map((token) => attemptRefresh(authority, token)))
    expect(tally(after.map(({ outcome }) => outcome))).toEqual({ SESSION_REVOKED: 500 })
  }, 60_000)
})
