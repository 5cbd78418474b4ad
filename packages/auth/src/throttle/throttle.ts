import { AuthError } from '../base/errors.ts'
import type { CounterStore } from '../model/counter.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import { givePointBack, type Limit, takePoint } from './counter.ts'
import { countersWithFallback } from './fallback-counters.ts'
import { defaultMaxCounters, memoryCounters } from './memory-counters.ts'

/** Counts attempts and refuses those over a limit. */
export interface Throttle {
  readonly clock: Clock
  readonly counters: CounterStore
  /** For limits that each process counts for itself. */
  readonly ownCounters: CounterStore
  readonly enabled: boolean
}

/** What a throttle is made of. */
export interface ThrottleDeps {
  readonly clock: Clock
  readonly log: Logger
  /** Counters that several processes share. Without, this process counts for itself. */
  readonly counters?: CounterStore
}

/** An attempt under a limit: who is counted, by which limit. */
export interface Attempt {
  readonly limit: Limit
  readonly key: string
}

/** @param settings `enabled: false` admits everything and counts nothing: for load tests. */
export function createThrottle(
  { clock, log, counters }: ThrottleDeps,
  { enabled }: { enabled: boolean },
): Throttle {
  const memory = memoryCounters({ maxCounters: defaultMaxCounters })
  return {
    clock,
    enabled,
    ownCounters: memory,
    counters: counters
      ? countersWithFallback({ log }, { first: counters, second: memory })
      : memory,
  }
}

/**
 * Counts an attempt.
 *
 * @returns Seconds until the next one is admitted, or 0 when this one is and was counted.
 */
export async function tryAttempt(throttle: Throttle, { limit, key }: Attempt): Promise<number> {
  if (!throttle.enabled) return 0
  const now = throttle.clock.now()
  return countersOf(throttle, limit).change({ limit: limit.name, key, now }, (found) => {
    const take = takePoint(limit, found, now)
    if (take.admitted) return { counter: take.counter, result: 0 }
    return { counter: found, result: take.retryAfterSeconds }
  })
}

/**
 * Counts an attempt that the caller may know to be counted.
 *
 * @throws {AuthError} `RATE_LIMITED` when it is over the limit.
 */
export async function admitAttempt(throttle: Throttle, attempt: Attempt): Promise<void> {
  const retryAfterSeconds = await tryAttempt(throttle, attempt)
  if (retryAfterSeconds > 0) throw rateLimited(attempt.limit, retryAfterSeconds)
}

/** Takes an attempt back, as if it had not been made. */
export async function forgetAttempt(throttle: Throttle, { limit, key }: Attempt): Promise<void> {
  if (!throttle.enabled) return
  const now = throttle.clock.now()
  await countersOf(throttle, limit).change({ limit: limit.name, key, now }, (found) => ({
    counter: givePointBack(found, now),
    result: undefined,
  }))
}

/** Forgets every attempt that was counted. */
export async function clearAttempts(throttle: Throttle, { limit, key }: Attempt): Promise<void> {
  if (!throttle.enabled) return
  const now = throttle.clock.now()
  await countersOf(throttle, limit).change({ limit: limit.name, key, now }, () => ({
    counter: null,
    result: undefined,
  }))
}

function countersOf({ counters, ownCounters }: Throttle, limit: Limit): CounterStore {
  return limit.isPerProcess ? ownCounters : counters
}

// Header fields of draft-ietf-httpapi-ratelimit-headers-10: quota, window, remaining, reset.
function rateLimited({ name, points, windowSeconds }: Limit, retryAfterSeconds: number): AuthError {
  return new AuthError('RATE_LIMITED', {
    detail: `over the limit ${name}`,
    retryAfterSeconds,
    headers: {
      'RateLimit-Policy': `"${name}";q=${points};w=${windowSeconds}`,
      RateLimit: `"${name}";r=0;t=${retryAfterSeconds}`,
    },
  })
}
