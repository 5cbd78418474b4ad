import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { Identifier } from '../model/identifiers.ts'
import { accountKey } from '../model/identifiers.ts'
import type { User } from '../model/user.ts'
import { admitLogin } from '../throttle/admit-login.ts'
import type { Throttle } from '../throttle/throttle.ts'

/** A password somebody says is a user's. */
export interface PasswordClaim {
  /** As typed, normalised. */
  readonly identifier: Identifier
  /** Whoever it belongs to; `null` when nobody: that costs the same and never matches. */
  readonly user: User | null
  readonly password: string
  readonly network: string
  /** A device this user has signed in from before, else `null`. */
  readonly deviceId: string | null
}

/**
 * Checks a password under the limits. A locked account looks like a wrong password, and an
 * unknown one like both, in what it answers and in how long it takes.
 *
 * @returns Whether the password is right, and whether its hash should be made anew.
 * @throws {AuthError} `RATE_LIMITED`; `UNAVAILABLE` when hashing is overloaded, which does
 *   not count as an attempt.
 */
export async function checkPassword(
  deps: { readonly hasher: PasswordHasher; readonly throttle: Throttle },
  claim: PasswordClaim,
): Promise<{ isRight: boolean; isOutdated: boolean }> {
  const { identifier, user, password, network, deviceId } = claim
  const admission = await admitLogin(deps.throttle, {
    identifier,
    userId: user?.id ?? null,
    network,
    deviceId,
  })
  try {
    const { matches, outdated } = await deps.hasher.verify(user?.passwordHash ?? null, password, {
      account: accountKey(identifier),
      network,
    })
    const isRight = matches && !admission.locked
    if (isRight) await admission.giveBack()
    return { isRight, isOutdated: outdated }
  } catch (error) {
    await admission.giveBack()
    throw error
  }
}
