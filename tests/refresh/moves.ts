import { type Flaw, flawOf } from './flaws.ts'
import { generationOf, type Policy, type Verdict, windowSeconds } from './policy.ts'
import { ownerKeys, type Party, type Request, type Scenario, sorted, type World } from './world.ts'

/** What the server was asked for in a move, and what it answered. */
export type ServerEvent =
  | { readonly does: 'refresh'; readonly request: Request; readonly verdict: Verdict }
  | { readonly does: 'end' }

export interface Move {
  readonly label: string
  readonly world: World
  readonly flaw?: Flaw
  readonly event?: ServerEvent
}

const clockStep = windowSeconds + 1
const clockSetBackSeconds = 86_400

/**
 * All that can happen next.
 *
 * The network loses, delays, reorders and duplicates: anything on its way may arrive at any
 * time or never, and a request may arrive and stay on its way. A lost request is one that
 * was never sent, and a crash before the commit is a lost request; a lost answer, or a crash
 * after the commit, is an answer that is not put on its way. Any number of tabs share the
 * stored token: a tab that tries is one more copy of it on its way.
 */
export function* movesFrom(policy: Policy, scenario: Scenario, world: World): Generator<Move> {
  yield* clientSends(scenario, world)
  yield* serverWorks(policy, scenario, world)
  yield* answersArrive(scenario, world)
  yield* clockMoves(scenario, world)
  yield* thiefActs(policy, scenario, world)
  if (scenario.logout && policy.isAlive(world.row)) {
    yield {
      label: 'the owner logs out',
      world: { ...world, row: policy.end(world.row) },
      event: { does: 'end' },
    }
  }
}

function* clientSends(scenario: Scenario, world: World): Generator<Move> {
  if (world.requests.length >= scenario.inFlight) return
  if (generationOf(world.stored) >= scenario.generations) return
  for (const key of ownerKeys(scenario, world.stored)) {
    const request = requestOf('owner', world.stored, key)
    yield {
      label: `the client sends ${world.stored}${key?.startsWith('attempt') ? ` (${key})` : ''}`,
      world: { ...world, requests: sorted([...world.requests, request]) },
    }
  }
}

function requestOf(from: Party, token: string, key: string | undefined): Request {
  return key === undefined ? { from, token } : { from, token, key }
}

function* serverWorks(policy: Policy, scenario: Scenario, world: World): Generator<Move> {
  for (const [index, request] of world.requests.entries()) {
    const others = world.requests.toSpliced(index, 1)
    const work = scenario.serverSteps === 2 && request.read === undefined ? reads : commits
    yield* work(policy, scenario, { ...world, requests: others }, request)
    // Duplicated: it arrives, and a copy is still on its way.
    if (request.read === undefined && world.requests.length < scenario.inFlight) {
      yield* work(policy, scenario, world, request)
    }
  }
}

function* reads(_: Policy, __: Scenario, world: World, request: Request): Generator<Move> {
  yield {
    label: `the server reads for ${request.token} of the ${request.from}`,
    world: { ...world, requests: sorted([...world.requests, { ...request, read: world.row }]) },
  }
}

function* commits(
  policy: Policy,
  scenario: Scenario,
  world: World,
  request: Request,
): Generator<Move> {
  const { read = world.row, token, key, from } = request
  const verdict = policy.refresh(read, { token, key, now: world.now })
  const row = policy.commit({ read, current: world.row, verdict })
  if (row === null) {
    const again = requestOf(from, token, key)
    yield {
      label: `the server lost a race for ${token} of the ${from}`,
      world: { ...world, requests: sorted([...world.requests, again]) },
    }
    return
  }

  const label = `${token} of the ${from} is ${verdict.outcome}`
  const event: ServerEvent = { does: 'refresh', request, verdict }
  const unanswered = { ...noteParty(world, request), row }
  for (const [how, after] of answered(scenario, unanswered, request, verdict)) {
    const flaw = flawOf(policy, scenario, { before: world, after, request, verdict })
    yield { label: label + how, world: after, event, ...(flaw && { flaw }) }
  }
}

/** Where the answer may go. */
function answered(
  { inFlight }: Scenario,
  world: World,
  { from, token: sent }: Request,
  { token }: Verdict,
): [how: string, world: World][] {
  if (!token) return [['', world]]
  if (from === 'thief') {
    const thief = [...new Set([...world.thief, token])].toSorted()
    return [[`: ${token}`, { ...world, thief, thiefGained: true }]]
  }
  const lost: [string, World] = [', the answer is lost', world]
  if (world.answers.length >= inFlight) return [lost]
  const answers = sorted([...world.answers, { sent, token }])
  return [lost, [`: ${token}`, { ...world, answers }]]
}

function noteParty(world: World, { from, token }: Request): World {
  const presentation = `${from} ${generationOf(token)}` as const
  if (world.presented[presentation] !== undefined) return world
  return { ...world, presented: { ...world.presented, [presentation]: world.now } }
}

function* answersArrive(scenario: Scenario, world: World): Generator<Move> {
  for (const [index, { sent, token }] of world.answers.entries()) {
    const answers = world.answers.toSpliced(index, 1)
    const isKept = scenario.storing === 'overwrite' || world.stored === sent
    yield {
      label: `the client ${isKept ? 'stores' : 'drops'} ${token}`,
      world: { ...world, answers, stored: isKept ? token : world.stored },
    }
  }
}

function* clockMoves(scenario: Scenario, world: World): Generator<Move> {
  if (scenario.clockSetBack && !world.isSetBack) {
    const now = world.now - clockSetBackSeconds
    yield { label: 'the clock is set back by a day', world: { ...world, now, isSetBack: true } }
  }
  if (world.timeSteps >= scenario.timeSteps || scenario.time === 'stands') return
  if (scenario.time === 'passes at rest' && !isAtRest(world)) return
  yield {
    label: 'more time than the window passes',
    world: { ...world, now: world.now + clockStep, timeSteps: world.timeSteps + 1 },
  }
}

/** The owner has an answer to everything it sent, as far as it can tell. */
function isAtRest(world: World): boolean {
  if (world.answers.length > 0) return false
  if (world.requests.some(({ from }) => from === 'owner')) return false
  return world.presented[`owner ${generationOf(world.stored)}`] === undefined
}

function* thiefActs(policy: Policy, scenario: Scenario, world: World): Generator<Move> {
  if (!scenario.thief) return
  if (world.thief.length === 0) {
    yield { label: `the thief copies ${world.stored}`, world: { ...world, thief: [world.stored] } }
  }
  for (const token of world.thief) {
    if (generationOf(token) >= scenario.generations) continue
    for (const key of [undefined, 'key of the thief']) {
      yield* thiefSends(policy, scenario, world, requestOf('thief', token, key))
    }
  }
}

// With a server that works in one step, a delayed, lost or repeated request of the thief is
// the same as one sent later, never or again.
function* thiefSends(
  policy: Policy,
  scenario: Scenario,
  world: World,
  request: Request,
): Generator<Move> {
  if (scenario.serverSteps === 1) {
    yield* commits(policy, scenario, world, request)
  } else if (world.requests.length < scenario.inFlight) {
    yield {
      label: `the thief sends ${request.token}${request.key ? ' with a key' : ''}`,
      world: { ...world, requests: sorted([...world.requests, request]) },
    }
  }
}
