import { secondsPerHour } from '../base/time.ts'
import type { Limit } from './counter.ts'
import { admitAttempt, type Throttle } from './throttle.ts'

const perNetwork: Limit = { name: 'register', points: 10, windowSeconds: secondsPerHour }

/**
 * Counts a registration, whatever comes of it.
 *
 * @throws {AuthError} `RATE_LIMITED`.
 */
export async function admitRegistration(
  throttle: Throttle,
  { network }: { network: string },
): Promise<void> {
  await admitAttempt(throttle, { limit: perNetwork, key: network })
}
