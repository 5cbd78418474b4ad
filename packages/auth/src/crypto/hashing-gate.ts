import { AuthError } from '../base/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { Pause } from '../ports/pause.ts'
import type { Random } from '../ports/random.ts'
import { createFairQueue, type FairQueue, type HashingOrigin } from './hashing-gate-queue.ts'

/** Bounds how many expensive jobs run at a time, and how long others wait for them. */
export interface HashingGate {
  /**
   * Runs a job when its turn comes. A job keeps its place when the request behind it is
   * aborted: it is small, and newer ones of the same account go first.
   *
   * @throws {AuthError} `UNAVAILABLE` when it would wait too long, or must make way for others.
   */
  run<Result>(origin: HashingOrigin, job: () => Promise<Result>): Promise<Result>
  /** How busy it is now. */
  load(): HashingLoad
}

/** How many jobs run and how many wait. */
export interface HashingLoad {
  readonly running: number
  readonly waiting: number
}

/** Somebody who waits for a slot, to be told whether they get one. */
type Place = (isAdmitted: boolean) => void

interface GateState {
  readonly clock: Clock
  readonly random: Random
  readonly concurrency: number
  readonly queue: FairQueue<Place>
  running: number
  /** How long jobs took of late: a moving average. */
  recentMs: number
}

const maxWaitMs = 1500
const firstGuessMs = 15
// The weight of the newest job in the moving average.
// A job seems to take longer when the event loop is late to see it end, never shorter: a long
// one says little, a short one a lot.
const weightOfLonger = 0.02
const weightOfShorter = 0.5

// A refusal is held back this long, or two hundred callers that come back at once would keep
// the event loop, and with it every refresh, busy with nothing but refusals.
const holdMs = { least: 500, spread: 500 }

/**
 * How many hashes may run at a time: one core and one thread of libuv's pool stay free, so that
 * everything else (refresh, files, DNS) goes on under a flood of logins.
 *
 * @param host.threads Size of libuv's pool: `UV_THREADPOOL_SIZE`, by default 4. What is no number
 *   counts as 1, as it does for libuv.
 */
export function hashingConcurrency({ cores, threads }: { cores: number; threads: number }): number {
  return Math.max(1, Math.min(cores, threads || 1) - 1)
}

/** @param settings `concurrency`: jobs at a time, 1 or more. */
export function createHashingGate(
  { clock, random, pause }: { clock: Clock; random: Random; pause: Pause },
  { concurrency }: { concurrency: number },
): HashingGate {
  const queue = createFairQueue<Place>()
  const gate: GateState = {
    clock,
    random,
    concurrency,
    queue,
    running: 0,
    recentMs: firstGuessMs,
  }
  return {
    async run(origin, job) {
      if (!(await enter(gate, origin))) await refuse(gate, pause)
      const startedMs = clock.monotonicMs()
      try {
        return await job()
      } finally {
        learn(gate, clock.monotonicMs() - startedMs)
        leave(gate)
      }
    },
    load: () => ({ running: gate.running, waiting: queue.size() }),
  }
}

/** @returns Whether the job may run; `false` when it would wait too long. */
function enter(gate: GateState, origin: HashingOrigin): Promise<boolean> {
  if (gate.running < gate.concurrency) {
    gate.running += 1
    return Promise.resolve(true)
  }
  return new Promise((settle) => {
    gate.queue.add(origin, settle)
    if (predictedWaitMs(gate) >= maxWaitMs) gate.queue.takeSurplus()?.(false)
  })
}

async function refuse({ random }: GateState, pause: Pause): Promise<never> {
  const [first = 0, second = 0] = random.bytes(2)
  await pause(holdMs.least + (holdMs.spread * first) / 256)
  throw new AuthError('UNAVAILABLE', {
    detail: 'the queue for password hashing is full',
    // 1 to 4 seconds, so that those refused together do not come back together.
    retryAfterSeconds: 1 + (second % 4),
  })
}

function leave(gate: GateState): void {
  const next = gate.queue.takeNext()
  // Hands its slot on.
  if (next) next(true)
  else gate.running -= 1
}

function predictedWaitMs({ queue, recentMs, concurrency }: GateState): number {
  return (queue.size() * recentMs) / concurrency
}

// Clamped: one job that slept with the machine must not close the gate, and the queue stays
// bounded where the clock is too coarse to see a job pass.
function learn(gate: GateState, tookMs: number): void {
  const measuredMs = Math.min(Math.max(tookMs, 1), maxWaitMs)
  const weight = measuredMs < gate.recentMs ? weightOfShorter : weightOfLonger
  gate.recentMs += (measuredMs - gate.recentMs) * weight
}
