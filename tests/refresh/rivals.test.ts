import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { counterexamples, standings, standingsTable } from './report.ts'

const guide = readFileSync(new URL('../../docs/guide/refresh.md', import.meta.url), 'utf8')
const rows = standings()

describe('of all designs in the same harness', () => {
  test('only ours with a key logs nobody out and misses no theft', () => {
    const flawless = rows.filter(
      (row) => row.falseLogoutsPrompt + row.falseLogoutsLate + row.undetectedThefts === 0,
    )
    expect(flawless.map(({ design }) => design)).toEqual(['Countersign, with a key'])
  })

  test('without a key, ours fails only clients that repeat after the window', () => {
    const ours = rows.find(({ design }) => design === 'Countersign, without a key')
    expect(ours).toMatchObject({ falseLogoutsPrompt: 0, undetectedThefts: 0 })
    expect(ours?.falseLogoutsLate).toBeGreaterThan(0)
  })

  test('every other design logs out honest clients or misses thefts', () => {
    const others = rows.filter(({ design }) => !design.startsWith('Countersign'))
    const flaws = others.map((row) => row.falseLogoutsPrompt + row.undetectedThefts)
    expect(flaws.every((count) => count > 0)).toBe(true)
  })
})

describe('the guide shows', () => {
  test('the figures that the harness finds', () => {
    expect(guide).toContain(standingsTable(rows))
  })

  test('the counterexamples that the search finds', () => {
    expect(guide).toContain(counterexamples())
  })
})
