import { generationOf, type Policy, type Verdict, windowSeconds } from './policy.ts'
import { ownerKeys, type Request, type Scenario, type World } from './world.ts'

/**
 * What must never happen.
 *
 * - `false alarm`: reuse is reported though there is no thief (P1)
 * - `stuck`: an honest client that tries now, on a good network, gets no token (P1)
 * - `undetected theft`: thief and owner presented the same generation, the thief gained by
 *   it, and the session lives (P2)
 * - `life after death`: a token for an ended session (P3)
 * - `forgery`: a token without the secret has an effect (P4)
 */
export type Flaw = 'false alarm' | 'stuck' | 'undetected theft' | 'life after death' | 'forgery'

/** What is wrong with a world as it stands. */
export function flawIn(policy: Policy, scenario: Scenario, world: World): Flaw | null {
  const forged = policy.refresh(world.row, { token: 'forged', key: undefined, now: world.now })
  if (forged.row !== world.row || forged.token) return 'forgery'
  if (world.thief.length > 0 || !policy.isAlive(world.row)) return null
  const [key] = ownerKeys(scenario, world.stored)
  const verdict = policy.refresh(world.row, { token: world.stored, key, now: world.now })
  return verdict.token ? null : 'stuck'
}

/** What is wrong with what the server just did. */
export function flawOf(
  policy: Policy,
  scenario: Scenario,
  event: { before: World; after: World; request: Request; verdict: Verdict },
): Flaw | null {
  const { before, after, request, verdict } = event
  if (verdict.outcome === 'reused' && before.thief.length === 0) return 'false alarm'
  const isResurrected = !policy.isAlive(before.row) && policy.isAlive(after.row)
  const wasDeadWhenRead = !policy.isAlive(request.read ?? before.row)
  if (isResurrected || (wasDeadWhenRead && verdict.token)) return 'life after death'
  return isUndetected(policy, scenario, after, request) ? 'undetected theft' : null
}

function isUndetected(policy: Policy, scenario: Scenario, world: World, request: Request): boolean {
  if (!world.thiefGained || !policy.isAlive(world.row)) return false
  const otherParty = request.from === 'owner' ? 'thief' : 'owner'
  const other = world.presented[`${otherParty} ${generationOf(request.token)}`]
  if (other === undefined) return false
  return scenario.thief === 'found at once' || world.now - other > windowSeconds
}
