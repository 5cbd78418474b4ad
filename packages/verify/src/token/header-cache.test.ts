import { expect, test } from 'vitest'
import { HeaderCache } from './header-cache.ts'

const header = { algorithm: 'ES256', kid: 'k' } as const

function cacheOf(size: number): HeaderCache {
  const cache = new HeaderCache()
  for (let i = 0; i < size; i += 1) cache.add(`header ${i}`, header)
  return cache
}

test('a header is found by its whole text only', () => {
  const cache = cacheOf(1)
  expect([cache.find('header 0'), cache.find('header ')]).toEqual([header, null])
})

test('100 headers are remembered', () => {
  expect(cacheOf(100).find('header 0')).toBe(header)
})

test('one more starts anew', () => {
  const cache = cacheOf(101)
  expect([cache.find('header 0'), cache.find('header 100')]).toEqual([null, header])
})

test('a header that is known is not added again', () => {
  const cache = cacheOf(100)
  cache.add('header 99', header)
  expect(cache.find('header 0')).toBe(header)
})
