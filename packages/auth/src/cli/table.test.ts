import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { aligned, type Column, headingLine, type Layout, layoutFor, tabSeparated } from './table.ts'

type Row = readonly [string, string]

const columns: readonly Column<Row>[] = [
  { heading: 'NAME', text: ([name]) => name },
  { heading: 'WORDS', text: ([, words]) => words },
]

function linesOf(rows: readonly Row[], layout: Layout = layoutFor(columns, 40)): string[] {
  return aligned(columns, rows, layout).lines
}

test('cells are aligned, without spaces at the end', () => {
  expect(
    linesOf([
      ['ada', 'one'],
      ['grace', ''],
    ]),
  ).toEqual(['ada    one', 'grace'])
})

test('headings stand above their columns', () => {
  const { layout } = aligned(columns, [['grace', 'one']], layoutFor(columns, 40))
  expect(headingLine(columns, layout)).toBe('NAME   WORDS')
})

test('a page is at least as wide as the one before', () => {
  const { layout } = aligned(columns, [['margaret', 'one']], layoutFor(columns, 40))
  expect(linesOf([['ada', 'one']], layout)).toEqual(['ada       one'])
})

test('characters are counted, not their UTF-16 units', () => {
  expect(
    linesOf([
      ['🦊🦊🦊🦊🦊', 'one'],
      ['grace', 'one'],
    ]),
  ).toEqual(['🦊🦊🦊🦊🦊  one', 'grace  one'])
})

test('the last cell breaks between words below itself', () => {
  const words = 'all of this is more than fits into one line here'
  expect(linesOf([['ada', words]])).toEqual([
    'ada   all of this is more than fits into\n      one line here',
  ])
})

test('a word longer than the terminal is not broken', () => {
  const word = 'x'.repeat(60)
  expect(linesOf([['ada', `a ${word} b`]])).toEqual([`ada   a\n      ${word}\n      b`])
})

test('without a known width nothing is broken', () => {
  const words = 'word '.repeat(30).trim()
  expect(linesOf([['ada', words]], layoutFor(columns, 0))).toEqual([`ada   ${words}`])
})

test('a colour takes no room', () => {
  const coloured: Column<Row>[] = [
    { heading: '', text: ([name]) => name, colour: () => 'red' },
    { heading: '', text: ([, words]) => words },
  ]
  const { lines } = aligned(
    coloured,
    [
      ['ada', 'one'],
      ['grace', 'one'],
    ],
    layoutFor(coloured, 40),
  )
  expect(lines.map(stripVTControlCharacters)).toEqual(['ada    one', 'grace  one'])
})

test('a tab in a cell does not make another cell', () => {
  expect(tabSeparated(columns, [['a\tb', 'c\nd']])).toEqual(['a\u{FFFD}b\tc\u{FFFD}d'])
})
