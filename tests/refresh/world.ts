import { generationOf, type Policy, type Verdict, windowSeconds } from './policy.ts'

/** Who may do what in a search. */
export interface Scenario {
  /**
   * The key a client sends: none, one per generation, or one made anew for every attempt
   * (which is a mistake, and the search shows it).
   */
  readonly keys: 'none' | 'per generation' | 'per attempt'
  /**
   * What a client does with an answer. `compare`: stores it only if the token it sent is
   * still the stored one. `overwrite`: stores whatever comes last, as a cookie jar does.
   */
  readonly storing: 'compare' | 'overwrite'
  /**
   * When more time than the replay window may pass: never, only while nothing is under way
   * (every repeat is prompt), or at any moment.
   */
  readonly time: 'stands' | 'passes at rest' | 'passes'
  /** How often it may pass. */
  readonly timeSteps: number
  /** The clock is set back by a day once, at any moment. */
  readonly clockSetBack?: true
  /**
   * Somebody copies the stored token once, and does as they like with it. Says when they
   * must be found out: as soon as both parties have presented a generation, or once they
   * did so further apart than the window.
   */
  readonly thief?: 'found at once' | 'found after the window'
  /** The owner logs out at some moment. */
  readonly logout?: true
  /** The server reads and commits in two steps, with others in between. */
  readonly serverSteps: 1 | 2
  /** Requests, and answers, on their way at the same time: tabs, retries and duplicates. */
  readonly inFlight: number
  /** Tokens from this generation on are not presented. */
  readonly generations: number
}

/** One request: on its way, or with the record that the server has read for it. */
export interface Request {
  readonly from: Party
  readonly token: string
  readonly key?: string
  readonly read?: string
}

interface Answer {
  readonly sent: string
  readonly token: string
}

type Party = 'owner' | 'thief'

/** Everything that matters at one moment. */
export interface World {
  readonly row: string
  readonly now: number
  readonly stored: string
  readonly requests: readonly Request[]
  readonly answers: readonly Answer[]
  /** Tokens that the thief knows: none until the copy. */
  readonly thief: readonly string[]
  /** The thief was given a token by the server. */
  readonly thiefGained: boolean
  /** When each party first presented a token of a generation, in seconds. */
  readonly presented: Readonly<Partial<Record<`${Party} ${number}`, number>>>
  readonly timeSteps: number
  readonly isSetBack: boolean
}

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

/** Equal worlds, and only those, have equal identities. */
export function identityOf(world: World): string {
  const { requests, answers, thief, presented, ...rest } = world
  return [
    ...Object.values(rest),
    requests.map(textOf).join(),
    answers.map(textOf).join(),
    thief.join(),
    Object.entries(presented)
      .map((entry) => entry.join())
      .toSorted()
      .join(),
  ].join('|')
}

export function firstWorld(policy: Policy): World {
  const { row, token } = policy.start()
  return {
    row,
    now: 0,
    stored: token,
    requests: [],
    answers: [],
    thief: [],
    thiefGained: false,
    presented: {},
    timeSteps: 0,
    isSetBack: false,
  }
}

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

/** What is wrong with a world as it stands. */
export function flawIn(policy: Policy, scenario: Scenario, world: World): Flaw | null {
  const forged = policy.refresh(world.row, { token: 'forged', key: undefined, now: world.now })
  if (forged.row !== world.row || forged.token) return 'forgery'
  if (world.thief.length > 0 || !policy.isAlive(world.row)) return null
  const [key] = ownerKeys(scenario, world.stored)
  const verdict = policy.refresh(world.row, { token: world.stored, key, now: world.now })
  return verdict.token ? null : 'stuck'
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

function ownerKeys({ keys }: Scenario, token: string): readonly (string | undefined)[] {
  if (keys === 'none') return [undefined]
  return keys === 'per generation' ? [`key of ${token}`] : ['attempt 1', 'attempt 2']
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

function flawOf(
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

/** Order on the network means nothing: equal sets are one state. */
function sorted<T extends Request | Answer>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
}

function textOf(message: Request | Answer): string {
  return Object.values(message).join(' ')
}
