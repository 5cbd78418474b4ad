import { type Flaw, flawIn } from './flaws.ts'
import { movesFrom } from './moves.ts'
import { memoized, type Policy } from './policy.ts'
import { firstWorld, identityOf, type Scenario, type World } from './world.ts'

/** One flaw: in how many ways it was met, and the shortest way there. */
export interface Finding {
  readonly count: number
  readonly trace: readonly string[]
}

export interface SearchResult {
  readonly states: number
  /** Every state within the scenario was visited: nothing was cut off by a limit. */
  readonly isComplete: boolean
  readonly findings: ReadonlyMap<Flaw, Finding>
}

interface Visited {
  readonly world: World
  readonly parent: number
  readonly label: string
  readonly depth: number
}

/**
 * Visits every state that a scenario can reach, nearest first, and reports each flaw with
 * its shortest trace. Does not go on from a flawed state.
 *
 * @param limits Stops at so many states, or at so many moves from the start.
 */
export function search(
  rule: Policy,
  scenario: Scenario,
  limits: { states?: number; depth?: number } = {},
): SearchResult {
  const { states: maxStates = 2_000_000, depth: maxDepth = Number.POSITIVE_INFINITY } = limits
  const policy = memoized(rule)
  const start = firstWorld(policy)
  const visited: Visited[] = [{ world: start, parent: -1, label: 'sign-in', depth: 0 }]
  const known = new Set([identityOf(start)])
  const findings = new Map<Flaw, { count: number; trace: string[] }>()
  let isComplete = true

  const note = (flaw: Flaw, trace: string[]) => {
    const finding = findings.get(flaw)
    if (finding) finding.count++
    else findings.set(flaw, { count: 1, trace })
  }

  for (let index = 0; index < visited.length; index++) {
    const state = visited[index]
    if (!state) break
    const flaw = flawIn(policy, scenario, state.world)
    if (flaw) {
      note(flaw, traceTo(visited, index))
      continue
    }
    if (state.depth >= maxDepth || visited.length >= maxStates) {
      isComplete = false
      continue
    }
    for (const move of movesFrom(policy, scenario, state.world)) {
      if (move.flaw) {
        note(move.flaw, [...traceTo(visited, index), move.label])
        continue
      }
      const identity = identityOf(move.world)
      if (known.has(identity)) continue
      known.add(identity)
      const { world, label } = move
      visited.push({ world, label, parent: index, depth: state.depth + 1 })
    }
  }
  return { states: visited.length, isComplete, findings }
}

function traceTo(visited: readonly Visited[], index: number): string[] {
  const labels: string[] = []
  for (let at = visited[index]; at && at.parent >= 0; at = visited[at.parent]) labels.push(at.label)
  return labels.toReversed()
}
