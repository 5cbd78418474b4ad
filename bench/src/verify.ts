import { interleave, type Rounds } from './measure/interleave.ts'
import { median, ratios } from './measure/statistics.ts'
import { timeCalls } from './measure/time-calls.ts'
import type { VerifyPlan } from './plan.ts'
import { progress } from './report/progress.ts'
import { type Aim, atMost, cell, type Section, type Table } from './report/table.ts'
import type { TokenCheck } from './rivals/token-check.ts'
import {
  bareCrypto,
  countersignNow,
  fastJwtCached,
  type VerifierRival,
  verifierRivals,
} from './rivals/verifiers.ts'
import {
  type Algorithm,
  algorithms,
  createSigningKey,
  issueTokens,
  type SigningKey,
} from './tokens.ts'

/** `cold`: no token was seen before. `warm`: every token was. */
type State = 'cold' | 'warm'

/** Microseconds a call, a figure a round, by contender. */
type Timings = ReadonlyMap<string, readonly number[]>

type Figures = Readonly<Record<State, ReadonlyMap<Algorithm, Timings>>>

interface Bench {
  readonly key: SigningKey
  readonly tokens: readonly string[]
  readonly plan: VerifyPlan & Rounds
}

/** Checking an access token in this process, single-threaded, one call after another. */
export async function benchVerify(plan: VerifyPlan): Promise<Section> {
  const timeIsUp = AbortSignal.timeout(plan.maxSeconds * 1000)
  const figures = { cold: new Map<Algorithm, Timings>(), warm: new Map<Algorithm, Timings>() }
  for (const algorithm of algorithms) {
    const key = createSigningKey(algorithm)
    const bench = { key, tokens: await issueTokens(key, plan.tokens), plan: { ...plan, timeIsUp } }
    const rivals = await offering(bench)
    for (const state of ['cold', 'warm'] as const) {
      progress(`verify · ${algorithm}, ${state}`)
      figures[state].set(algorithm, await measure(rivals, state, bench))
    }
  }
  return { tables: [toTable('cold', figures), toTable('warm', figures)], aims: aims(figures) }
}

/** The rivals that offer the algorithm, and do tell a good token from a bad one. */
async function offering({ key, tokens }: Bench): Promise<VerifierRival[]> {
  const rivals: VerifierRival[] = []
  for (const rival of verifierRivals) {
    const check = await rival.open(key)
    if (!check) continue
    await mustJudge(rival.name, check, tokens)
    rivals.push(rival)
  }
  return rivals
}

async function mustJudge(
  name: string,
  check: TokenCheck,
  [token = '', other = '']: readonly string[],
): Promise<void> {
  await timeCalls(check, [token])
  const forged = token.slice(0, token.lastIndexOf('.')) + other.slice(other.lastIndexOf('.'))
  const isRefused = await timeCalls(check, [forged]).then(
    () => false,
    () => true,
  )
  if (!isRefused) throw new Error(`${name} accepts a forged token`)
}

async function measure(
  rivals: readonly VerifierRival[],
  state: State,
  bench: Bench,
): Promise<Timings> {
  const time = state === 'cold' ? timeCold : timeWarm
  const contenders = rivals.map((rival) => ({
    name: rival.name,
    measure: () => {
      // Otherwise one contender waits while the garbage of another is collected.
      globalThis.gc?.()
      return time(rival, bench)
    },
  }))
  // Two rounds that are not counted, so that none measures the compiler.
  await interleave(contenders, { ...bench.plan, rounds: 2 })
  return interleave(contenders, bench.plan)
}

/** A verifier opened anew for each pass has seen none of the tokens. */
async function timeCold(rival: VerifierRival, { key, tokens, plan }: Bench): Promise<number> {
  let spentMs = 0
  let calls = 0
  while (spentMs < plan.budgetMs) {
    spentMs += await timeCalls(await openAgain(rival, key), tokens)
    calls += tokens.length
  }
  return (spentMs / calls) * 1000
}

async function timeWarm(rival: VerifierRival, { key, tokens, plan }: Bench): Promise<number> {
  const check = await openAgain(rival, key)
  await timeCalls(check, tokens)
  let spentMs = 0
  let calls = 0
  while (spentMs < plan.budgetMs) {
    spentMs += await timeCalls(check, tokens)
    calls += tokens.length
  }
  return (spentMs / calls) * 1000
}

async function openAgain(rival: VerifierRival, key: SigningKey): Promise<TokenCheck> {
  const check = await rival.open(key)
  if (!check) throw new Error(`${rival.name} does not offer ${key.algorithm}`)
  return check
}

function toTable(state: State, figures: Figures): Table {
  const baseline = state === 'cold' ? bareCrypto : fastJwtCached
  return {
    key: `verify-${state}`,
    title: `${titles[state]}; × is against ${baseline.name}`,
    columns: algorithms.map((key) => ({ key, title: key, unit: 'µs' })),
    rows: verifierRivals.map(({ name }) => ({
      contender: name,
      cells: Object.fromEntries(
        [...figures[state]].map(([algorithm, rounds]) => {
          const own = rounds.get(name)
          return [algorithm, own ? cell(own, rounds.get(baseline.name)) : null]
        }),
      ),
    })),
  }
}

const titles: Record<State, string> = {
  cold: 'verifying a token for the first time',
  warm: 'verifying a token that was verified before',
}

function aims({ cold, warm }: Figures): Aim[] {
  return algorithms.flatMap((algorithm) => [
    atMost(
      `${algorithm} cold, against ${bareCrypto.name}`,
      1.15,
      ratioOf(cold.get(algorithm), bareCrypto),
    ),
    atMost(
      `${algorithm} warm, against ${fastJwtCached.name}`,
      0.25,
      ratioOf(warm.get(algorithm), fastJwtCached),
    ),
  ])
}

function ratioOf(rounds: Timings | undefined, baseline: VerifierRival): number {
  return median(ratios(rounds?.get(countersignNow.name) ?? [], rounds?.get(baseline.name) ?? []))
}
