import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { docsFile, replaceBetweenMarkers } from './results.ts'

const page = [
  'before',
  '<!-- results: written by `npm run bench` -->',
  'old',
  '<!-- end of results -->',
  'after',
].join('\n')

test('results replace what stood between the markers, and nothing else', () => {
  const text = replaceBetweenMarkers(page, 'new')
  expect(text).toBe(page.replace('old', '\nnew\n'))
})

test('writing results twice is the same as writing them once', () => {
  const once = replaceBetweenMarkers(page, 'new')
  expect(replaceBetweenMarkers(once, 'new')).toBe(once)
})

test('a page without markers is left alone, loudly', () => {
  expect(() => replaceBetweenMarkers('before', 'new')).toThrow(/markers/)
})

test('the page in the docs has the markers', () => {
  expect(() => replaceBetweenMarkers(readFileSync(docsFile, 'utf8'), 'new')).not.toThrow()
})
