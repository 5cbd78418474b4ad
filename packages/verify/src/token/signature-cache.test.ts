import { expect, test } from 'vitest'
import { type GenuineToken, SignatureCache } from './signature-cache.ts'

const claims = (sub: string, exp = 100): GenuineToken => ({
  claims: { iss: 'i', sub, aud: 'a', exp, iat: 0 },
  kid: `key of ${sub}`,
})
const token = (name: string) => `header.${name}.${name.padStart(43, 'x')}`

/** A cache of version 1. */
function cacheOf(size: number, ...names: readonly string[]): SignatureCache {
  const cache = new SignatureCache(size)
  cache.find('', 1, 0)
  for (const name of names) cache.add(token(name), claims(name), 1)
  return cache
}

const knows = (cache: SignatureCache, name: string) => cache.find(token(name), 1, 0) !== null

test('the claims of a token are found again', () => {
  expect(cacheOf(10, 'a').find(token('a'), 1, 0)).toMatchObject(claims('a'))
})

test('a token with the same signature and another payload is not found (lesson 7)', () => {
  const genuine = 'header.alice.signature-of-alice-and-long-enough-for-a-slot'
  const cache = cacheOf(10)
  cache.add(genuine, claims('alice'), 1)
  expect(cache.find(genuine.replace('.alice.', '.admin.'), 1, 0)).toBeNull()
})

test('of two tokens in one slot each gets its own claims or none (lesson 7)', () => {
  const end = 'the-same-end-of-two-signatures'
  const cache = cacheOf(10)
  cache.add(`h.alice.1${end}`, claims('alice'), 1)
  cache.add(`h.bob.2${end}`, claims('bob'), 1)
  expect([
    cache.find(`h.alice.1${end}`, 1, 0),
    cache.find(`h.bob.2${end}`, 1, 0)?.claims.sub,
  ]).toEqual([null, 'bob'])
})

test.each([' ', '=', '.', 'A'])(
  'a token with %j at its end is another token (lesson 7)',
  (more) => {
    expect(cacheOf(10, 'a').find(token('a') + more, 1, 0)).toBeNull()
  },
)

test('an entry dies at its expiry', () => {
  const cache = cacheOf(10, 'a')
  expect([99, 100].map((now) => cache.find(token('a'), 1, now)?.claims.sub)).toEqual([
    'a',
    undefined,
  ])
})

test('a dead entry stays dead when the clock goes back', () => {
  const cache = cacheOf(10, 'a')
  cache.find(token('a'), 1, 100)
  expect(knows(cache, 'a')).toBe(false)
})

test('a clock that gives no number finds nothing', () => {
  expect(cacheOf(10, 'a').find(token('a'), 1, NaN)).toBeNull()
})

test('another version of the keys empties the cache', () => {
  const cache = cacheOf(10, 'a')
  cache.find(token('b'), 2, 0)
  expect(knows(cache, 'a')).toBe(false)
})

test('what was verified with keys from before is not added', () => {
  const cache = cacheOf(10)
  cache.find(token('b'), 2, 0)
  cache.add(token('a'), claims('a'), 1)
  expect(cache.find(token('a'), 2, 0)).toBeNull()
})

test('the oldest half is dropped when the cache is full', () => {
  const cache = cacheOf(4, 'a', 'b', 'c', 'd', 'e')
  expect(['a', 'b', 'c', 'd', 'e'].map((name) => knows(cache, name))).toEqual([
    false,
    false,
    true,
    true,
    true,
  ])
})

test('a token in use outlives those that are not', () => {
  const cache = cacheOf(4, 'a', 'b')
  for (const name of ['c', 'd', 'e', 'f', 'g']) {
    knows(cache, 'a')
    cache.add(token(name), claims(name), 1)
  }
  expect([knows(cache, 'a'), knows(cache, 'b')]).toEqual([true, false])
})

test('a cache of size 0 knows nothing', () => {
  expect(knows(cacheOf(0, 'a'), 'a')).toBe(false)
})
