import { expect, test } from 'vitest'
import { keptSeconds, LedgerCopy } from './ledger-copy.ts'
import type { Revocation } from './revocation.ts'

const start = 1_800_000_000
const hour = 3600

/** A copy, and the clocks of its machine. */
function copyAt() {
  const clock = { wallMs: start * 1000, now: 0 }
  const copy = new LedgerCopy({ monotonic: () => clock.now, wall: () => clock.wallMs })
  return { copy, clock }
}

const ended = (key: string, at: number): Revocation => ({
  kind: 'session',
  key,
  floor: 0,
  expiresAt: at + keptSeconds,
})
const isRevoked = (copy: LedgerCopy, sid: string) => copy.isRevoked({ sub: 'u', sid }, undefined)

test('a clock that is set ahead and back again revives nothing', () => {
  const { copy, clock } = copyAt()
  copy.merge([ended('before', start)])
  clock.wallMs += 5 * hour * 1000
  copy.merge([ended('meanwhile', start + 1)])
  copy.merge([ended('later', start + 2)])
  clock.wallMs = start * 1000
  copy.merge([ended('after', start + 3)])
  const sessions = ['before', 'meanwhile', 'later', 'after']
  expect(sessions.filter((sid) => !isRevoked(copy, sid))).toEqual([])
})

test('an authority whose clock is ahead drives nothing out', () => {
  const { copy } = copyAt()
  copy.merge([ended('mine', start)])
  for (let count = 0; count < 3; count++) copy.merge([ended(`far-${count}`, start + 9 * hour)])
  expect(isRevoked(copy, 'mine')).toBe(true)
})

test('as time goes on, what has expired leaves', () => {
  const { copy, clock } = copyAt()
  for (let minute = 0; minute < 60 * 24; minute++) {
    clock.wallMs = (start + minute * 60) * 1000
    copy.merge([ended(`s${minute}`, start + minute * 60)])
  }
  // At most two lifetimes of an entry a minute.
  expect(copy.status().entries).toBeLessThan((2 * keptSeconds) / 60 + 10)
})
