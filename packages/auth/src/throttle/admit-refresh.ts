import { secondsPerMinute } from '../base/time.ts'
import type { Limit } from './counter.ts'
import { admitAttempt, type Throttle } from './throttle.ts'

// They keep a caller from wearing a process out. No guess is to be limited: a refresh token has
// 256 random bits.
const perNetwork: Limit = {
  name: 'refresh-network',
  points: 300,
  windowSeconds: secondsPerMinute,
  isPerProcess: true,
}
const perSession: Limit = {
  name: 'refresh',
  points: 60,
  windowSeconds: secondsPerMinute,
  isPerProcess: true,
}

/**
 * Counts a refresh, whatever comes of it.
 *
 * @param input.session Id from a token whose tag was verified, or strangers could use up
 *   somebody's refreshes. Without one, only the network is counted.
 * @throws {AuthError} `RATE_LIMITED`.
 */
export async function admitRefresh(
  throttle: Throttle,
  { network, session }: { network: string; session?: string | undefined },
): Promise<void> {
  await admitAttempt(throttle, { limit: perNetwork, key: network })
  if (session !== undefined) await admitAttempt(throttle, { limit: perSession, key: session })
}
