import { countersignPolicy } from './countersign-policy.ts'
import type { Flaw } from './flaws.ts'
import type { Policy } from './policy.ts'
import { rivalPolicies } from './rivals.ts'
import { beyond, contest, promised } from './scenarios.ts'
import { type SearchResult, search } from './search.ts'
import type { Scenario } from './world.ts'

/** One design in the contest: in how many ways each thing went wrong. */
export interface Standing {
  readonly design: string
  /** Honest clients logged out or stuck, though every repeat came within the window. */
  readonly falseLogoutsPrompt: number
  /** The same with repeats at any time. */
  readonly falseLogoutsLate: number
  /** Thief and owner used the same generation more than the window apart, and both go on. */
  readonly undetectedThefts: number
}

/** Every design through the same searches. Ours twice: with and without keys. */
export function standings(): readonly Standing[] {
  const ours = countersignPolicy()
  return [
    ...rivalPolicies().map((policy) => standingOf(policy, policy.name, 'none')),
    standingOf(ours, 'Countersign, without a key', 'none'),
    standingOf(ours, 'Countersign, with a key', 'per generation'),
  ]
}

function standingOf(policy: Policy, design: string, keys: Scenario['keys']): Standing {
  const run = (scenario: Scenario) => search(policy, { ...scenario, keys }, contest)
  return {
    design,
    falseLogoutsPrompt: count(run(contest.prompt), ['false alarm', 'stuck']),
    falseLogoutsLate: count(run(contest.late), ['false alarm', 'stuck']),
    undetectedThefts: count(run(contest.thief), ['undetected theft']),
  }
}

function count({ findings }: SearchResult, flaws: readonly Flaw[]): number {
  return flaws.reduce((sum, flaw) => sum + (findings.get(flaw)?.count ?? 0), 0)
}

/** The contest as a Markdown table. */
export function standingsTable(rows: readonly Standing[]): string {
  const head = [
    '| design | false logouts, repeats within 60 s | false logouts, repeats at any time | undetected thefts |',
    '|---|---|---|---|',
  ]
  const body = rows.map(
    (row) =>
      `| ${row.design} | ${row.falseLogoutsPrompt} | ${row.falseLogoutsLate} | ${row.undetectedThefts} |`,
  )
  return [...head, ...body].join('\n')
}

/** How many states a promise was checked in, as a line of a Markdown list. */
export function statesLine(name: string, states: number): string {
  return `- ${name}: ${states.toLocaleString('en')} states`
}

/** All of them. */
export function statesVisited(): string {
  return Object.entries(promised)
    .map(([name, scenario]) => statesLine(name, search(countersignPolicy(), scenario).states))
    .join('\n')
}

/** The shortest trace for each place where the promise ends, as a Markdown list. */
export function counterexamples(): string {
  return Object.entries(beyond)
    .map(([name, scenario]) => `- ${name}: ${shortest(scenario).join(' → ')}`)
    .join('\n')
}

function shortest(scenario: Scenario): readonly string[] {
  const { findings } = search(countersignPolicy(), scenario)
  const traces = [...findings].map(([flaw, { trace }]) => [...trace, `**${flaw}**`])
  return traces.toSorted((a, b) => a.length - b.length)[0] ?? ['nothing was found']
}
