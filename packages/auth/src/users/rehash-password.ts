import { AuthError } from '../base/errors.ts'
import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * Hashes a password that was just proved again, with today's parameters. Not while hashing
 * is overloaded: the old hash is as right as before, and the next sign-in will do. Changes
 * nothing if the password was changed in between.
 */
export async function rehashPassword(
  deps: {
    readonly clock: Clock
    readonly hasher: PasswordHasher
    readonly stores: Pick<Stores, 'users'>
  },
  input: {
    readonly user: User
    readonly password: string
    readonly client: { readonly network: string }
  },
): Promise<void> {
  const { user, password, client } = input
  try {
    const origin = { account: user.id, network: client.network }
    const passwordHash = await deps.hasher.hash(password, origin)
    await deps.stores.users.update(
      user.id,
      { passwordHash, updatedAt: deps.clock.now() },
      { passwordHash: user.passwordHash },
    )
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
  }
}
