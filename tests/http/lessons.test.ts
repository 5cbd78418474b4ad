import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = new URL('../../docs/security/lessons.md', import.meta.url)

/** What holds each lesson, by its number. */
const cells = new Map(
  readFileSync(page, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, id, cell] = /^\| (G?\d+) \|.*\| (.+) \|$/.exec(line) ?? []
      return id !== undefined && cell !== undefined ? [[id, cell] as const] : []
    }),
)

const families = Array.from({ length: 38 }, (_, index) => String(index + 1))
const guide = Array.from({ length: 15 }, (_, index) => `G${index + 1}`)

test('every lesson has its row', () => {
  expect([...cells.keys()]).toEqual([...families, ...guide])
})

test.each([...cells])(
  'lesson %s names tests that are there, or says why there is none',
  (_, cell) => {
    const links = [...cell.matchAll(/\[(.+?)\]\((\S+?)\)(?=<br>|$)/g)]
    const missing = links.filter(([, name = '', path = '']) => {
      const source = readFileSync(new URL(path, page), 'utf8')
      return !["'", '`', '"'].some((quote) => source.includes(`${quote}${name}${quote}`))
    })
    expect(missing.map(([text]) => text)).toEqual([])
    expect(links.length > 0 || /^(?:There (?:is|are) no|No endpoint) .+\.$/.test(cell)).toBe(true)
    expect(links.map(([text]) => text).join('<br>')).toBe(links.length > 0 ? cell : '')
  },
)
