import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SigningAlgorithm, StoredSigningKey } from '../model/signing-key.ts'
import {
  isRotationDue,
  isRotationPending,
  type KeySchedule,
  signingKeyAt,
  stageKeys,
  successorActiveFrom,
} from './stages.ts'

const schedule: KeySchedule = {
  jwksCacheSeconds: 300,
  reloadSeconds: 10,
  accessTokenSeconds: 900,
  rotationSeconds: 10_000,
}

function key(kid: string, createdAt: number, activeFrom: number): StoredSigningKey {
  return {
    kid,
    algorithm: 'ES256',
    publicJwk: '{}',
    sealedPrivateKey: '',
    createdAt,
    activeFrom,
  }
}

const first = key('first', 1000, 1000)
const second = key('second', 5000, 5370)
const stagesAt = (now: number, keys = [first, second]) =>
  stageKeys(keys, { now, schedule }).map(({ stage }) => stage)

test('the first key of a store signs at once', () => {
  expect(successorActiveFrom([], { now: 1000, schedule })).toBe(1000)
})

test('a successor is published one cache lifetime, one reload and a tolerance before it signs', () => {
  expect(successorActiveFrom([first], { now: 5000, schedule })).toBe(5000 + 300 + 10 + 60)
})

test('a key is upcoming until the second it signs', () => {
  expect(stagesAt(5369)).toEqual(['signing', 'upcoming'])
  expect(stagesAt(5370)).toEqual(['retired', 'signing'])
})

test('a retired key expires a token lifetime and a minute after its successor took over', () => {
  expect(stagesAt(5370 + 900 + 59)).toEqual(['retired', 'signing'])
  expect(stagesAt(5370 + 900 + 60)).toEqual(['expired', 'signing'])
})

test('with the clock before the first key the first key signs', () => {
  expect(stagesAt(10)).toEqual(['signing', 'upcoming'])
})

test('a lone key signs for ever', () => {
  expect(stageKeys([first], { now: 1e9, schedule })).toEqual([
    { key: first, stage: 'signing', activeUntil: null, publishedUntil: null },
  ])
})

test('no keys have no stages and none signs', () => {
  expect(stagesAt(1000, [])).toEqual([])
  expect(signingKeyAt([], 1000)).toBeNull()
})

const due = (
  keys: readonly StoredSigningKey[],
  now: number,
  input: { algorithm?: SigningAlgorithm; startedAt?: number } = {},
) => isRotationDue(keys, { now, schedule, algorithm: 'ES256', startedAt: 0, ...input })

test('an empty store needs a key', () => {
  expect(due([], 1000)).toBe(true)
})

test('a rotation is due when the newest key has signed for its time', () => {
  expect(due([first], 1000 + 9999)).toBe(false)
  expect(due([first], 1000 + 10_000)).toBe(true)
})

test('the time counts from when the newest key began to sign', () => {
  expect(due([first, second], 5370 + 9999)).toBe(false)
  expect(due([first, second], 5370 + 10_000)).toBe(true)
})

test('no rotation is due while one is under way', () => {
  const late = key('late', 50_000, 50_370)
  expect(isRotationPending([first, late], 50_369)).toBe(true)
  expect(due([first, late], 50_369, { algorithm: 'EdDSA', startedAt: 50_369 })).toBe(false)
  expect(isRotationPending([first, late], 50_370)).toBe(false)
})

test('another wanted algorithm makes a rotation due', () => {
  expect(due([first], 2000, { algorithm: 'EdDSA', startedAt: 2000 })).toBe(true)
})

test('a process leaves a key of another algorithm alone that was made after its own start', () => {
  expect(due([first, second], 5370, { algorithm: 'EdDSA', startedAt: 4999 })).toBe(false)
  expect(due([first, second], 5370, { algorithm: 'EdDSA', startedAt: 5000 })).toBe(true)
})

// Time lines that keep the one rule of `rotate`: not while a rotation is under way.
const timeLine = fc
  .record({
    jwksCacheSeconds: fc.integer({ min: 0, max: 400 }),
    reloadSeconds: fc.integer({ min: 1, max: 60 }),
    accessTokenSeconds: fc.integer({ min: 60, max: 3600 }),
    gaps: fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 6 }),
  })
  .map(({ gaps, ...durations }) => {
    const schedule = { ...durations, rotationSeconds: 10_000 }
    const keys = gaps.reduce(
      (keys, gap, index) => {
        const createdAt = (keys.at(-1)?.activeFrom ?? 0) + gap
        const activeFrom = successorActiveFrom(keys, { now: createdAt, schedule })
        return [...keys, key(`k${index}`, createdAt, activeFrom)]
      },
      [key('k', start, start)],
    )
    return { schedule, keys }
  })

const start = 100_000
// Every moment at which something may change, one second around each included.
function moments(keys: readonly StoredSigningKey[], { accessTokenSeconds }: KeySchedule): number[] {
  const events = keys.flatMap(({ createdAt, activeFrom }) => [
    createdAt,
    activeFrom,
    activeFrom + accessTokenSeconds,
    activeFrom + accessTokenSeconds + 60,
  ])
  return events.flatMap((event) => [event - 1, event, event + 1]).filter((at) => at >= start)
}

/** The keys as a process knows them whose last read was `lag` seconds ago. */
const knownAt = (keys: readonly StoredSigningKey[], now: number, lag: number) =>
  keys.filter(({ createdAt }, index) => index === 0 || createdAt <= now - lag)

function isPublished(
  keys: readonly StoredSigningKey[],
  wanted: StoredSigningKey | null,
  moment: { now: number; schedule: KeySchedule },
): boolean {
  return stageKeys(keys, moment).some(({ key, stage }) => key === wanted && stage !== 'expired')
}

test('at every moment exactly one key signs, and every process agrees which', () => {
  fc.assert(
    fc.property(timeLine, ({ keys, schedule }) => {
      const wrong = moments(keys, schedule).filter((now) => {
        const staged = stageKeys(knownAt(keys, now, 0), { now, schedule })
        const [signing, ...others] = staged.filter(({ stage }) => stage === 'signing')
        const outdated = knownAt(keys, now, schedule.reloadSeconds)
        return others.length > 0 || signing?.key !== signingKeyAt(outdated, now)
      })
      expect(wrong).toEqual([])
    }),
  )
})

test('a token verifies with every key set from a cache lifetime before its issue to its expiry', () => {
  const lag = fc.record({ issuer: fc.double({ max: 1, min: 0, noNaN: true }), skew: fc.boolean() })
  fc.assert(
    fc.property(timeLine, lag, ({ keys, schedule }, { issuer, skew }) => {
      const refused = moments(keys, schedule).filter((issuedAt) => {
        // The issuer read the store some time ago; its clock may be ahead of the publisher's.
        const known = knownAt(keys, issuedAt, Math.floor(issuer * schedule.reloadSeconds))
        const signer = signingKeyAt(known, issuedAt + (skew ? 60 : 0))
        const from = Math.max(start, issuedAt - schedule.jwksCacheSeconds)
        const until = issuedAt + schedule.accessTokenSeconds
        return [from, ...moments(keys, schedule), until]
          .filter((now) => now >= from && now <= until)
          .some((now) => {
            const publisher = knownAt(keys, now, schedule.reloadSeconds)
            return !isPublished(publisher, signer, { now, schedule })
          })
      })
      expect(refused).toEqual([])
    }),
  )
})

test('a token of a process whose clock is a minute behind verifies until it expires', () => {
  fc.assert(
    fc.property(timeLine, ({ keys, schedule }) => {
      const refused = moments(keys, schedule).filter((issuedAt) => {
        const signer = signingKeyAt(keys, issuedAt - 60)
        // Its expiry was reckoned by the clock that is behind.
        const lastUse = issuedAt - 60 + schedule.accessTokenSeconds - 1
        return !isPublished(keys, signer, { now: Math.max(lastUse, issuedAt), schedule })
      })
      expect(refused).toEqual([])
    }),
  )
})

test('a key is never removed while it signs or will sign', () => {
  fc.assert(
    fc.property(timeLine, fc.integer({ min: 0, max: 60_000 }), ({ keys, schedule }, offset) => {
      const now = start + offset
      const expired = stageKeys(keys, { now, schedule }).filter(({ stage }) => stage === 'expired')
      const signing = signingKeyAt(keys, now)
      for (const { key } of expired) expect(key.activeFrom).toBeLessThan(signing?.activeFrom ?? 0)
    }),
  )
})
