import { toBase64Url } from '../base/encoding.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'

/** What somebody signed up with. Its password has passed the rules. */
export interface Registration {
  readonly email: string
  readonly emailKey: string
  readonly username: string | null
  readonly name: string | null
  readonly passwordHash: string
}

interface SettleDeps {
  readonly clock: Clock
  readonly random: Random
  readonly stores: Pick<Stores, 'users'>
}

/**
 * Creates the user of a registration, unless the address is somebody's: that user stays as they
 * are. A username that is taken is left out: who asked may not learn whose it is. May be done
 * again.
 */
export async function settleRegistration(
  deps: SettleDeps,
  registration: Registration,
): Promise<{ user: User; isKnown: boolean }> {
  const { users } = deps.stores
  const known = await users.findByEmailKey(registration.emailKey)
  if (known) return { user: known, isKnown: known.passwordHash !== registration.passwordHash }
  const user = toUser(deps, registration)
  const created = await users.create(user, { audit: creation(user) })
  if (created === 'created') return { user, isKnown: false }
  // Somebody was faster with the address, or has the username.
  const username = created === 'username_taken' ? null : registration.username
  return settleRegistration(deps, { ...registration, username })
}

function toUser({ clock, random }: SettleDeps, registration: Registration): User {
  const now = clock.now()
  return {
    ...registration,
    id: `usr_${toBase64Url(random.bytes(16))}`,
    emailVerified: false,
    status: 'active',
    roles: [],
    tokenVersion: 0,
    rolesVersion: 0,
    sessionVersion: 0,
    createdAt: now,
    updatedAt: now,
  }
}

function creation({ id, createdAt }: User) {
  return {
    at: createdAt,
    type: 'user.created',
    actor: 'anonymous',
    subject: id,
    sessionId: null,
    network: null,
    outcome: 'success',
    reason: 'registration',
  } as const
}
