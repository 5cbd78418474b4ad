import { accountLock } from './admit-login.ts'
import { clearAttempts, type Throttle } from './throttle.ts'

/** Ends the lock that too many failed sign-ins of a day have put on a user. */
export async function liftLock(throttle: Throttle, userId: string): Promise<void> {
  await clearAttempts(throttle, accountLock(userId))
}
