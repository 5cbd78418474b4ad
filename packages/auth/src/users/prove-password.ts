import { AuthError } from '../base/errors.ts'
import type { PasswordHasher } from '../crypto/password-hasher.ts'
import type { User } from '../model/user.ts'
import type { Throttle } from '../throttle/throttle.ts'
import { checkPassword } from './check-password.ts'

/**
 * Asks a signed-in user for their password once more, before something that a stolen
 * access token alone must not do. Counts as a login for the limits.
 *
 * @throws {AuthError} `PASSWORD_WRONG` (403, never 401: a client must not refresh and
 *   repeat), `RATE_LIMITED`, `UNAVAILABLE`.
 */
export async function provePassword(
  deps: { readonly hasher: PasswordHasher; readonly throttle: Throttle },
  input: {
    readonly user: User
    readonly password: string
    readonly client: { readonly network: string }
    /** A device this user has signed in from before, else `null`. */
    readonly deviceId: string | null
  },
): Promise<void> {
  const { user, password, client, deviceId } = input
  const { isRight } = await checkPassword(deps, {
    identifier: { kind: 'email', key: user.emailKey },
    user,
    password,
    network: client.network,
    deviceId,
  })
  if (!isRight) throw new AuthError('PASSWORD_WRONG')
}
