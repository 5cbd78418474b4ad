import { secondsPerHour } from '../base/time.ts'
import type { Limit } from './counter.ts'
import { admitAttempt, type Throttle } from './throttle.ts'

const perAccount: Limit = { name: 'mail-account', points: 3, windowSeconds: secondsPerHour }
const perNetwork: Limit = { name: 'mail-network', points: 20, windowSeconds: secondsPerHour }

/**
 * Counts a request to send mail to an address, whether or not the address is anybody's.
 *
 * @param input.emailKeys To whom, and on whose behalf if they are signed in.
 *
 * @throws {AuthError} `RATE_LIMITED`.
 */
export async function admitMail(
  throttle: Throttle,
  { emailKeys, network }: { readonly emailKeys: readonly string[]; readonly network: string },
): Promise<void> {
  await admitAttempt(throttle, { limit: perNetwork, key: network })
  for (const key of emailKeys) await admitAttempt(throttle, { limit: perAccount, key })
}
