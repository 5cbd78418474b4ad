import { expect, test } from 'vitest'
import { secondsPerDay } from '../../base/time.ts'
import type { KeyStatus } from '../../keys/key-status.ts'
import { sampleKey } from '../../testing/contracts/samples.ts'
import { clockFindings, keyFindings, sealedKeyFindings } from './key-findings.ts'

const now = 1_800_000_000

function key(members: Partial<KeyStatus> = {}): KeyStatus {
  return {
    kid: 'k1',
    algorithm: 'ES256',
    stage: 'signing',
    createdAt: now - secondsPerDay,
    activeFrom: now - secondsPerDay,
    activeUntil: null,
    publishedUntil: null,
    ...members,
  }
}

const findingsOf = (keys: readonly KeyStatus[], options = {}) => keyFindings({ keys, options, now })

test('without a key there is nothing to say: the first start makes one', () => {
  expect(findingsOf([])).toEqual([])
})

test('a key of yesterday is as it should be', () => {
  expect(findingsOf([key()])).toEqual([])
})

test('an upcoming key is as it should be', () => {
  expect(
    findingsOf([key(), key({ stage: 'upcoming', createdAt: now, activeFrom: now + 370 })]),
  ).toEqual([])
})

test('a key from the future is an error of the clock', () => {
  expect(findingsOf([key({ createdAt: now + 61 })])).toMatchObject([
    { level: 'error', about: 'clock' },
  ])
})

test('clocks may be a minute apart', () => {
  expect(findingsOf([key({ createdAt: now + 60 })])).toEqual([])
})

test('a key that should have been replaced a day ago is a warning', () => {
  const activeFrom = now - 31 * secondsPerDay
  expect(findingsOf([key({ activeFrom })])).toMatchObject([
    { level: 'warning', about: 'keys', message: expect.stringContaining('31 d') },
  ])
  expect(findingsOf([key({ activeFrom: activeFrom + 1 })])).toEqual([])
})

test('a key of another algorithm is a warning', () => {
  expect(findingsOf([key()], { signingAlgorithm: 'EdDSA' })).toMatchObject([
    { level: 'warning', about: 'keys', message: expect.stringContaining('EdDSA') },
  ])
})

test('each key that cannot be opened is an error', () => {
  const stored = [sampleKey('k1'), sampleKey('k2')]
  const [first] = stored
  expect(sealedKeyFindings(stored, new Map([[first?.kid ?? '', true]]))).toMatchObject([
    { level: 'error', about: 'keys', message: expect.stringContaining(stored[1]?.kid ?? '') },
  ])
})

test('a clock that shows a time before this version is an error', () => {
  expect(clockFindings(0)).toMatchObject([{ level: 'error', about: 'clock' }])
  expect(clockFindings(now)).toEqual([])
})
