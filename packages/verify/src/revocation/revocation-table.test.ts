import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RevocableToken } from './revocable-token.ts'
import type { Revocation } from './revocation.ts'
import { RevocationTable } from './revocation-table.ts'

const seed = Uint32Array.of(1, 2, 3)
const expiresAt = 1000
const token: RevocableToken = {
  sub: 'usr_1',
  sid: 'ses_1',
  client_id: 'cli_1',
  tv: 5,
  rv: 5,
  roles: ['critic', 'editor'],
}
const entry = (kind: Revocation['kind'], key: string, floor = 0): Revocation => ({
  kind,
  key,
  floor,
  expiresAt,
})

function isRevokedBy(entries: readonly Revocation[], presented = token, kid = 'kid_1'): boolean {
  const table = new RevocationTable(seed)
  for (const each of entries) table.add(each, 0)
  return table.isRevoked(presented, kid)
}

test('nothing is revoked by an empty table', () => {
  expect(isRevokedBy([])).toBe(false)
})

test.each([
  entry('session', 'ses_1'),
  entry('key', 'kid_1'),
  entry('user', 'usr_1', 6),
  entry('client', 'cli_1', 6),
  entry('role', 'editor', 6),
  entry('role', 'critic', 6),
])('$kind $key below $floor revokes it', (each) => {
  expect(isRevokedBy([each])).toBe(true)
})

test.each([
  entry('session', 'ses_2'),
  entry('session', 'usr_1'),
  entry('key', 'kid_2'),
  entry('user', 'usr_1', 5),
  entry('user', 'ses_1', 6),
  entry('client', 'cli_1', 5),
  entry('role', 'editor', 5),
  entry('role', 'admin', 6),
])('$kind $key below $floor does not', (each) => {
  expect(isRevokedBy([each])).toBe(false)
})

describe('a token that lacks the number is below every floor', () => {
  const { tv: _tv, rv: _rv, ...without } = token

  test.each([entry('user', 'usr_1', 1), entry('client', 'cli_1', 1), entry('role', 'editor', 1)])(
    '$kind',
    (each) => {
      expect(isRevokedBy([each], without)).toBe(true)
    },
  )
})

test('a token without session, client and roles is no match for them', () => {
  const entries = [entry('session', 'undefined'), entry('client', 'undefined', 9)]
  expect(isRevokedBy(entries, { sub: 'usr_2' })).toBe(false)
})

test('a lower floor that comes later changes nothing', () => {
  expect(isRevokedBy([entry('user', 'usr_1', 6), entry('user', 'usr_1', 2)])).toBe(true)
})

test('what has expired is not added', () => {
  const table = new RevocationTable(seed)
  table.add(entry('session', 'ses_1'), expiresAt)
  expect(table.size).toBe(0)
})

test('an entry stays until it has expired, whatever comes after it', () => {
  const table = new RevocationTable(seed)
  table.add(entry('session', 'ses_1'), 0)
  for (let now = 1; now < expiresAt; now++) {
    table.add({ ...entry('session', `other_${now}`), expiresAt: now + 500 }, now)
    expect(table.isRevoked(token, undefined)).toBe(true)
  }
})

test('old entries leave', () => {
  const table = new RevocationTable(seed)
  for (let now = 0; now < 10_000; now++) {
    table.add({ ...entry('session', `ses_${now}`), expiresAt: now + 100 }, now)
  }
  // At most those of two lifetimes.
  expect(table.size).toBeLessThanOrEqual(203)
})

test('a million sessions take at most 35 MB, and each is found', () => {
  const table = new RevocationTable(seed)
  const sid = (index: number) => `ses_${index.toString(36).padStart(22, '_')}`
  for (let index = 0; index < 1_000_000; index++) table.add(entry('session', sid(index)), 0)
  expect(table.size).toBe(1_000_000)
  expect(table.bytes).toBeLessThan(35_000_000)
  const missing = Array.from({ length: 10_000 }, (_, index) => sid(index * 100)).filter(
    (each) => !table.isRevoked({ sub: 'u', sid: each }, undefined),
  )
  const wrong = Array.from({ length: 10_000 }, (_, index) => sid(1_000_000 + index)).filter(
    (each) => table.isRevoked({ sub: 'u', sid: each }, undefined),
  )
  expect({ missing, wrong }).toEqual({ missing: [], wrong: [] })
})

describe('beside a table that forgets nothing', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'usr_1', 'é', '')
  const anEntry = fc.record({
    kind: fc.constantFrom('session', 'user', 'role', 'client', 'key'),
    key: name.filter((key) => key !== ''),
    floor: fc.integer({ min: 1, max: 5 }),
    expiresAt: fc.constant(expiresAt),
  }) as fc.Arbitrary<Revocation>
  const aToken = fc.record(
    {
      sub: name,
      sid: name,
      client_id: name,
      tv: fc.nat(5),
      rv: fc.nat(5),
      roles: fc.array(name, { maxLength: 3 }),
    },
    { requiredKeys: ['sub'] },
  )

  function isDead(entries: readonly Revocation[], presented: RevocableToken, kid: string): boolean {
    const { sub, sid, client_id: clientId, tv = -1, rv = -1, roles = [] } = presented
    return entries.some(({ kind, key, floor }) => {
      if (kind === 'session') return sid === key
      if (kind === 'key') return kid === key
      if (kind === 'user') return sub === key && tv < floor
      if (kind === 'client') return clientId === key && tv < floor
      return roles.includes(key) && rv < floor
    })
  }

  test('it judges alike, in whatever order entries come and however often', () => {
    fc.assert(
      fc.property(fc.array(anEntry), aToken, name, fc.nat(), (entries, presented, kid, turn) => {
        const expected = isDead(entries, presented, kid)
        const turned = [...entries.slice(turn % 7), ...entries.slice(0, turn % 7)]
        expect(isRevokedBy(entries, presented, kid)).toBe(expected)
        expect(isRevokedBy([...turned.toReversed(), ...entries], presented, kid)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })
})
