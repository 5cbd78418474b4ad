import { secondsPerDay, secondsPerMinute } from '../base/time.ts'
import { accountKey, type Identifier } from '../model/identifiers.ts'
import type { Limit } from './counter.ts'
import { type Attempt, admitAttempt, forgetAttempt, type Throttle, tryAttempt } from './throttle.ts'

const minutes = (count: number) => count * secondsPerMinute

const perNetwork: Limit = { name: 'login-network', points: 50, windowSeconds: minutes(15) }

const perPair: Limit = {
  name: 'login',
  points: 5,
  windowSeconds: minutes(15),
  waitsSeconds: [1, 2, 4, 8, 15].map(minutes),
}

// NIST SP 800-63B-4 allows at most 100 failures in a row.
const perAccount: Limit = { name: 'login-account', points: 100, windowSeconds: secondsPerDay }

/** Who tries to sign in, and from where. */
export interface LoginAttempt {
  /** As typed, normalised. */
  readonly identifier: Identifier
  /** The user it belongs to; `null` when there is none. */
  readonly userId: string | null
  readonly network: string
  /** From `knownDeviceId`: a device this very user has signed in from before, else `null`. */
  readonly deviceId: string | null
}

/** A sign-in that may go on to the password. */
export interface LoginAdmission {
  /**
   * Too many failures today: the answer must be that of a wrong password, whatever the
   * password, after the same work. Nothing else may tell a lock.
   */
  readonly locked: boolean
  /** Takes the attempt back: the password was right, or was never checked (503). */
  giveBack(): Promise<void>
}

/**
 * Counts a sign-in before its password is checked, so that of many at once no more than the
 * limit get to guess. Only failures stay counted: see `giveBack`.
 *
 * What a caller can see (429) is counted by the identifier as typed: if an address and a
 * username shared that count, the limit would tell that both belong to one user. The lock,
 * which nobody sees, is counted by user, so a second identifier gains no guesses in a day.
 * Identifiers without a user are counted in the same way.
 *
 * A device the user has signed in from before has counts of its own, which nobody else can use
 * up: neither an attacker elsewhere nor one behind the same address can lock the owner out.
 *
 * @throws {AuthError} `RATE_LIMITED`.
 */
export async function admitLogin(
  throttle: Throttle,
  attempt: LoginAttempt,
): Promise<LoginAdmission> {
  const visible = visibleAttempts(attempt)
  const account = accountAttempt(attempt)
  await admitAll(throttle, visible)
  const locked = (await tryAttempt(throttle, account)) > 0
  const counted = locked ? visible : [...visible, account]
  return {
    locked,
    giveBack: () => forgetAll(throttle, counted),
  }
}

// The network comes first: one that is refused must not go on to create counters.
function visibleAttempts({ identifier, network, deviceId }: LoginAttempt): Attempt[] {
  const account = accountKey(identifier)
  if (deviceId !== null) return [{ limit: perPair, key: `device:${deviceId} ${account}` }]
  return [
    { limit: perNetwork, key: network },
    { limit: perPair, key: `network:${network} ${account}` },
  ]
}

/** Where the failures of a user are counted that lock the account for a day. */
export function accountLock(userId: string): Attempt {
  return { limit: perAccount, key: `user:${userId}` }
}

function accountAttempt({ identifier, userId, deviceId }: LoginAttempt): Attempt {
  const account = userId === null ? accountKey(identifier) : `user:${userId}`
  return { limit: perAccount, key: deviceId === null ? account : `device:${deviceId} ${account}` }
}

/** Counts all of them, or none: an attempt that is refused was not made. */
async function admitAll(throttle: Throttle, attempts: readonly Attempt[]): Promise<void> {
  const admitted: Attempt[] = []
  try {
    for (const attempt of attempts) {
      await admitAttempt(throttle, attempt)
      admitted.push(attempt)
    }
  } catch (error) {
    await forgetAll(throttle, admitted)
    throw error
  }
}

async function forgetAll(throttle: Throttle, attempts: readonly Attempt[]): Promise<void> {
  for (const attempt of attempts) await forgetAttempt(throttle, attempt)
}
