import { hash as argon2Hash } from '@node-rs/argon2'
import { hash as bcryptHash } from '@node-rs/bcrypt'
import { describe, expect, test } from 'vitest'
import { AuthError } from '../base/errors.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import type { HashingGate } from './hashing-gate.ts'
import { createPasswordHasher } from './password-hasher.ts'

const random = fakeRandom()
const pepper = random.bytes(32)
const origin = { network: '203.0.113.0/24', account: 'email:ada@example.com' }
const load = () => ({ running: 0, waiting: 0 })
const openGate: HashingGate = { load, run: (_, job) => job() }
const hasher = createPasswordHasher({ gate: openGate, random }, { pepper })

const password = 'correct horse battery staple'
const hash = await hasher.hash(password, origin)

const verify = (stored: string | null, text: string) => hasher.verify(stored, text, origin)
const wrong = { matches: false, outdated: false }
const right = { matches: true, outdated: false }
const outdated = { matches: true, outdated: true }

test('the right password matches and is up to date', async () => {
  expect(await verify(hash, password)).toEqual(right)
})

test('a wrong password does not match', async () => {
  expect(await verify(hash, `${password}!`)).toEqual(wrong)
})

test('nobody has no password', async () => {
  expect(await verify(null, password)).toEqual(wrong)
})

test('a hash tells algorithm and cost, and that a pepper went in', () => {
  expect(hash).toMatch(
    /^\$argon2id\$v=19\$m=19456,t=2,p=1,keyid=[A-Za-z0-9+/]{8}\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
  )
})

test('two hashes of one password differ', async () => {
  expect(await hasher.hash(password, origin)).not.toBe(hash)
})

test('a hash is worth nothing without the pepper', async () => {
  const other = createPasswordHasher({ gate: openGate, random }, { pepper: random.bytes(32) })
  expect(await other.verify(hash, password, origin)).toEqual(wrong)
})

test('taking the name of the pepper out of a hash does not take the pepper out', async () => {
  expect(await verify(hash.replace(/,keyid=[^$]+/, ''), password)).toEqual(wrong)
})

test('a pepper is 32 bytes', () => {
  expect(() =>
    createPasswordHasher({ gate: openGate, random }, { pepper: pepper.slice(1) }),
  ).toThrow(TypeError)
})

describe('the whole password counts', () => {
  test.each([
    ['in the last of 128 characters', `${'x'.repeat(127)}a`, `${'x'.repeat(127)}b`],
    ['after byte 72', `${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`],
    ['after byte 72 of four-byte characters', `${'🔑'.repeat(18)}a`, `${'🔑'.repeat(18)}b`],
    ['by a character across byte 72', `${'x'.repeat(71)}é`, `${'x'.repeat(71)}è`],
    ['by one more character', 'x'.repeat(72), 'x'.repeat(73)],
    ['after a NUL', 'before\0after', 'before\0other'],
    ['by a space at the end', 'battery staple', 'battery staple '],
    ['by case', 'battery staple', 'Battery staple'],
  ])('passwords that differ %s are different', async (_, a, b) => {
    const stored = await hasher.hash(a, origin)
    expect([await verify(stored, a), await verify(stored, b)]).toEqual([right, wrong])
  })

  test('however a keyboard composes characters', async () => {
    const [composed, decomposed] = ['caf\u00E9 au lait', 'cafe\u0301 au lait']
    expect(await verify(await hasher.hash(decomposed, origin), composed)).toEqual(right)
    expect(await verify(await hasher.hash(composed, origin), decomposed)).toEqual(right)
  })
})

describe('a hash from elsewhere', () => {
  test('of other costs matches and is outdated', async () => {
    const keyId = /keyid=[^$]+/.exec(hash)?.[0] ?? ''
    const cheap = await argon2Hash(password, { memoryCost: 8192, timeCost: 3, secret: pepper })
    const stored = cheap.replace('p=1', `p=1,${keyId}`)
    expect(await verify(stored, password)).toEqual(outdated)
  })

  test('without the pepper matches and is outdated', async () => {
    expect(await verify(await argon2Hash(password), password)).toEqual(outdated)
  })

  test('without the pepper does not match another password', async () => {
    expect(await verify(await argon2Hash(password), 'another')).toEqual(wrong)
  })

  const bcryptOf = (text: string) => bcryptHash(text, { cost: 4 })

  test('such as bcrypt matches and is outdated, behind the gate', async () => {
    expect(await verify(await bcryptOf(password), password)).toEqual(outdated)
    expect(await verify(await bcryptOf(password), `${password}!`)).toEqual(wrong)
  })

  test('matches what was typed, and its normal form', async () => {
    const [composed, decomposed] = ['caf\u00E9 au lait', 'cafe\u0301 au lait']
    expect(await verify(await bcryptOf(decomposed), decomposed)).toEqual(outdated)
    expect(await verify(await bcryptOf(composed), decomposed)).toEqual(outdated)
  })

  test('that looked at a part of the password is not replaced by one of all of it', async () => {
    const [whole, long] = ['x'.repeat(72), 'x'.repeat(73)]
    expect(await verify(await bcryptOf(long), long)).toEqual(right)
    expect(await verify(await bcryptOf(whole), whole)).toEqual(outdated)
  })

  test.each([
    ['no text', ''],
    ['garbage', 'garbage'],
    ['the password itself', password],
    ['argon2i with our pepper', hash.replace('argon2id', 'argon2i')],
    ['half a hash', hash.slice(0, 60)],
    ['one of ours with stray bits', hash.replace(/.$/, '/')],
    ['one of ours without output', hash.replace(/[^$]+$/, '')],
    ['a cost beyond reason', hash.replace('m=19456', 'm=9999999')],
    [
      'bcrypt of a cost beyond reason',
      '$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    ],
    ['half of a bcrypt hash', '$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRG'],
  ])('that is %s never matches', async (_, stored) => {
    expect(await verify(stored, password)).toEqual(wrong)
  })
})

describe('the cost', () => {
  /** Median times of two calls, measured in turns. */
  async function medians(calls: readonly (() => Promise<unknown>)[]): Promise<number[]> {
    const times = calls.map((): number[] => [])
    for (let round = 0; round < 15; round += 1) {
      for (const [index, call] of calls.entries()) {
        const startedMs = performance.now()
        await call()
        times[index]?.push(performance.now() - startedMs)
      }
    }
    return times.map((all) => all.sort((a, b) => a - b)[7] ?? 0)
  }

  test('is the same for nobody, a stranger to us and a wrong password', async () => {
    const calls = [hash, null, 'garbage', '$2b$10$half'].map(
      (stored) => () => verify(stored, 'wrong'),
    )
    const [real = 0, ...others] = await medians(calls)
    for (const other of others) {
      expect(other / real).toBeGreaterThan(0.5)
      expect(other / real).toBeLessThan(2)
    }
  })

  test('is not paid by the event loop', async () => {
    let turns = 0
    const turn = setInterval(() => (turns += 1), 1)
    await Promise.all(Array.from({ length: 8 }, () => verify(hash, password)))
    clearInterval(turn)
    expect(turns).toBeGreaterThan(3)
  })
})

describe('the gate', () => {
  function hasherBehindClosedGate() {
    const origins: unknown[] = []
    const gate: HashingGate = {
      load,
      run(from) {
        origins.push(from)
        return Promise.reject(new AuthError('UNAVAILABLE'))
      },
    }
    return { origins, closed: createPasswordHasher({ gate, random }, { pepper }) }
  }

  test('bounds hashing, and verifying for users and for nobody alike', async () => {
    const bcrypted = await bcryptHash(password, { cost: 4 })
    const { closed, origins } = hasherBehindClosedGate()
    const calls = [
      closed.hash(password, origin),
      closed.verify(hash, password, origin),
      closed.verify(null, password, origin),
      closed.verify('garbage', password, origin),
      closed.verify(bcrypted, password, origin),
    ]
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(origins).toEqual([origin, origin, origin, origin, origin])
  })
})
