import { AuthError } from '../base/errors.ts'
import { hashOneTimeSecret, looksLikeOneTimeSecret } from '../mail/one-time-secret.ts'
import type { OneTimePurpose, OneTimeToken } from '../model/one-time-token.ts'
import type { Stores } from '../model/stores.ts'
import type { User, UserExpectation } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import { admitOneTimeToken } from '../throttle/admit-one-time-token.ts'
import type { Throttle } from '../throttle/throttle.ts'

export interface OneTimeDeps {
  readonly clock: Clock
  readonly throttle: Throttle
  readonly stores: Pick<Stores, 'users' | 'oneTimeTokens'>
}

/** A mailed secret as it was presented. */
export interface PresentedSecret {
  readonly token: string
  readonly client: { readonly network: string }
}

/**
 * Looks at a mailed secret without using it up: what it asks for may still be refused, and then
 * the link must go on working.
 *
 * @returns Whose it is, and what must still hold when it is used: give it to `users.update`,
 *   which takes the token in its transaction.
 * @throws {AuthError} `ONE_TIME_TOKEN_INVALID`: unknown, used, expired, of another purpose, of a
 *   blocked user, or made for an address the user does not have any more. `RATE_LIMITED`.
 */
export async function findByOneTimeSecret(
  { clock, throttle, stores }: OneTimeDeps,
  purpose: OneTimePurpose,
  { token: secret, client }: PresentedSecret,
): Promise<{ user: User; token: OneTimeToken; expected: UserExpectation }> {
  await admitOneTimeToken(throttle, client)
  if (!looksLikeOneTimeSecret(secret)) throw invalid('not a secret of ours')
  const token = await stores.oneTimeTokens.find(purpose, hashOneTimeSecret(secret))
  if (!token) throw invalid('unknown or used')
  if (token.expiresAt <= clock.now()) throw invalid('expired')
  const user = await stores.users.find(token.userId)
  if (user?.status !== 'active') throw invalid('the user is blocked or gone')
  if (user.emailKey !== token.emailKey) throw invalid('the address has changed')
  const { emailKey } = user
  return { user, token, expected: { emailKey, oneTimeToken: { purpose, hash: token.hash } } }
}

/** @param detail For the log. */
export function invalid(detail: string): AuthError {
  return new AuthError('ONE_TIME_TOKEN_INVALID', { detail })
}
