import { expect, test } from 'vitest'
import { aimsText, markdownTable, tableText, terminalTable } from './format.ts'
import { atMost, cell, type Table } from './table.ts'

const table: Table = {
  key: 'example',
  title: 'example',
  settingTitle: 'connections',
  columns: [
    { key: 'perSecond', title: '', unit: 'requests/s' },
    { key: 'p99', title: 'p99', unit: 'ms' },
  ],
  rows: [
    {
      contender: 'a',
      setting: '16',
      cells: { perSecond: cell([1000, 2000, 1500], [500, 500, 500]), p99: null },
      remark: '3 refused',
    },
    {
      contender: 'b',
      setting: '16',
      cells: { perSecond: cell([0.5]), p99: { ...cell([20]), isLowerBound: true } },
    },
  ],
}

test('a cell shows median, range and the ratio to the baseline', () => {
  expect(tableText(table)[1]?.[2]).toBe('1,500 (1,000–2,000) · 3.00 ×')
})

test('what a contender cannot do is a dash', () => {
  expect(tableText(table)[1]?.[3]).toBe('–')
})

test('a lower bound says that it is one', () => {
  expect(tableText(table)[2]?.[3]).toBe('≥ 20.0 (20.0–20.0)')
})

test('every row has as many cells as the head, remarks and settings included', () => {
  expect(tableText(table).map((row) => row.length)).toEqual([5, 5, 5])
})

test('a missed aim is printed as missed', () => {
  const [, row] = aimsText([atMost('cold', 1.15, 1.4)])
  expect(row).toEqual(['cold', '≤ 1.15 ×', '1.40 ×', 'MISSED'])
})

test('an aim that is reached exactly is met', () => {
  expect(atMost('cold', 1.15, 1.15).isMet).toBe(true)
})

test('a Markdown table has a rule under its head', () => {
  const lines = markdownTable([
    ['a', 'b'],
    ['1', '2'],
  ]).split('\n')
  expect(lines).toEqual(['| a | b |', '| --- | --: |', '| 1 | 2 |'])
})

test('columns on the terminal line up', () => {
  const lines = terminalTable([
    ['name', 'n'],
    ['a', '10'],
  ]).split('\n')
  expect(lines).toEqual(['  name   n', '  a     10'])
})
