import { afterAll, beforeAll, expect, test } from 'vitest'
import { fakeClock } from '../../packages/auth/src/testing/fake-clock.ts'
import { fakeRandom } from '../../packages/auth/src/testing/fake-random.ts'
import { givenStore } from '../test-stores.ts'
import { type Attempt, type Authority, attemptRefresh, openAuthority, signIn } from './authority.ts'
import { countersignPolicy } from './countersign-policy.ts'
import { type Move, movesFrom } from './moves.ts'
import type { PolicyOutcome } from './policy.ts'
import { promised } from './scenarios.ts'
import { firstWorld, type Scenario } from './world.ts'

// The search works on a model of the store. Here the same moves are made on a real database, and
// every answer must be the one that the model gave.

const tracesPerScenario = 40
const movesPerTrace = 24

const database = await givenStore().make()
let authority: Authority

beforeAll(async () => {
  authority = await openAuthority(database.url)
})

afterAll(async () => {
  await authority.stores.close()
  database.remove()
})

const inOneStep = Object.entries(promised).filter(([, { serverSteps }]) => serverSteps === 1)

test.each(inOneStep)(
  'the database answers as the search does: %s',
  async (name, scenario) => {
    for (let number = 0; number < tracesPerScenario; number++) {
      const moves = randomMoves(scenario, `${name} ${number}`)
      expect(await replay(moves)).toEqual(expectedOf(moves))
    }
  },
  60_000,
)

/** A walk through the model: the same for the same seed. */
function randomMoves(scenario: Scenario, seed: string): Move[] {
  const policy = countersignPolicy()
  const random = fakeRandom(seed)
  const moves: Move[] = []
  let world = firstWorld(policy)
  while (moves.length < movesPerTrace) {
    const next = [...movesFrom(policy, scenario, world)]
    const move = next[(random.bytes(1)[0] ?? 0) % next.length]
    if (!move) break
    moves.push(move)
    world = move.world
  }
  return moves
}

function expectedOf(moves: readonly Move[]): Attempt[] {
  return moves.flatMap(({ event }) => {
    if (event?.does !== 'refresh') return []
    const { outcome, token } = event.verdict
    return [{ outcome: codes[outcome], ...(token && { token }) }]
  })
}

const codes: Readonly<Record<PolicyOutcome, Attempt['outcome']>> = {
  rotated: 'rotated',
  replayed: 'replayed',
  superseded: 'REFRESH_SUPERSEDED',
  reused: 'REFRESH_TOKEN_REUSED',
  refused: 'SESSION_REVOKED',
}

/** Makes the moves on the database. Tokens are named as the model names them. */
async function replay(moves: readonly Move[]): Promise<Attempt[]> {
  const clock = fakeClock()
  const here = { ...authority, clock }
  const { session, refreshToken } = await signIn(here)
  const names = new Map([[refreshToken, '0a']])
  const attempts: Attempt[] = []
  let now = 0
  for (const { world, event } of moves) {
    clock.advance(world.now - now)
    now = world.now
    if (event?.does === 'end') await here.stores.sessions.end(session.id, 'logout', clock.now())
    if (event?.does !== 'refresh') continue
    const { request, verdict } = event
    const { outcome, token } = await attemptRefresh(here, textOf(names, request.token), request.key)
    if (token && verdict.token && !names.has(token)) names.set(token, verdict.token)
    attempts.push({ outcome, ...(token && { token: names.get(token) ?? 'unnamed' }) })
  }
  return attempts
}

function textOf(names: ReadonlyMap<string, string>, name: string): string {
  const [text] = [...names].find(([, other]) => other === name) ?? []
  if (text === undefined) throw new Error(`the model knows a token that was never given: ${name}`)
  return text
}
