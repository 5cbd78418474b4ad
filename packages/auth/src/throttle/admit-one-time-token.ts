import { secondsPerMinute } from '../base/time.ts'
import type { Limit } from './counter.ts'
import { admitAttempt, type Throttle } from './throttle.ts'

// Nobody guesses 256 bits. This bounds what trying costs us.
const perNetwork: Limit = {
  name: 'one-time-token',
  points: 30,
  windowSeconds: 15 * secondsPerMinute,
}

/**
 * Counts a try with a mailed secret, right or wrong.
 *
 * @throws {AuthError} `RATE_LIMITED`.
 */
export async function admitOneTimeToken(
  throttle: Throttle,
  { network }: { readonly network: string },
): Promise<void> {
  await admitAttempt(throttle, { limit: perNetwork, key: network })
}
