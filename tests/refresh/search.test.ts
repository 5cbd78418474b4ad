import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { brokenPolicies } from './broken-policies.ts'
import { countersignPolicy } from './countersign-policy.ts'
import type { Flaw } from './flaws.ts'
import { statesLine } from './report.ts'
import { beyond, promised } from './scenarios.ts'
import { search } from './search.ts'

const guide = readFileSync(new URL('../../docs/guide/refresh.md', import.meta.url), 'utf8')

describe('in every state that can be reached', () => {
  test.each(Object.entries(promised))(
    '%s',
    (name, scenario) => {
      const { findings, isComplete, states } = search(countersignPolicy(), scenario)
      expect(Object.fromEntries(findings)).toEqual({})
      expect(isComplete).toBe(true)
      expect(guide).toContain(statesLine(name, states))
    },
    120_000,
  )
})

describe('where the promise ends, the search finds it out', () => {
  test.each(Object.entries(beyond))('%s', (_name, scenario) => {
    const { findings } = search(countersignPolicy(), scenario)
    expect(findings.size).toBeGreaterThan(0)
  })
})

describe('the search objects to a rule that', () => {
  const objections: Readonly<Record<string, { in: keyof typeof promised; as: Flaw }>> = {
    'replays nothing': { in: 'with a key, nobody honest is logged out', as: 'stuck' },
    'takes a late repeat for a theft': {
      in: 'with a key, nobody honest is logged out',
      as: 'false alarm',
    },
    'reports a reuse and does nothing': {
      in: 'with a key, a thief is found out',
      as: 'undetected theft',
    },
    'forgets the key': { in: 'with a key, a thief is found out', as: 'undetected theft' },
    'writes without comparing': {
      in: 'with a key, the same while reads and writes interleave',
      as: 'life after death',
    },
    'accuses whoever invents a token': {
      in: 'with a key, nobody honest is logged out',
      as: 'forgery',
    },
  }

  test.each(brokenPolicies().map((policy) => [policy.name, policy] as const))(
    '%s',
    (name, rule) => {
      const objection = objections[name]
      const scenario = promised[objection?.in ?? '']
      if (!objection || !scenario) throw new Error(`no objection is expected to: ${name}`)
      const { findings } = search(rule, scenario, { states: 5000 })
      expect([...findings.keys()]).toContain(objection.as)
    },
  )
})
