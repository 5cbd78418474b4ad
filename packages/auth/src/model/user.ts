import type { EpochSeconds } from '../base/time.ts'
import type { Along } from './along.ts'
import type { OneTimePurpose } from './one-time-token.ts'
import type { RevocationReason } from './revocation.ts'

export type UserStatus = 'active' | 'blocked'

/** A person's record. `id` is `sub` on the wire. */
export interface User {
  /** `usr_` and 22 characters of base64url (128 random bits). */
  readonly id: string
  /** As the user wrote it, trimmed: mail goes here. */
  readonly email: string
  /** Normalised spelling of `email`; unique. */
  readonly emailKey: string
  readonly emailVerified: boolean
  /** Lower case; unique. */
  readonly username: string | null
  readonly name: string | null
  /** A self-describing hash, never the password. */
  readonly passwordHash: string
  readonly status: UserStatus
  /** Names of roles, ascending. */
  readonly roles: readonly string[]
  /** Carried as `tv` in access tokens. Raised when roles or status change: older ones die. */
  readonly tokenVersion: number
  /**
   * The highest version among the roles they have, 0 without; `rv` in access tokens. Goes up
   * when what a role gives changes. Kept with the roles: a store ignores it in `create`.
   */
  readonly rolesVersion: number
  /** Raised by password change, block, log out everywhere: sessions started before die. */
  readonly sessionVersion: number
  readonly createdAt: EpochSeconds
  readonly updatedAt: EpochSeconds
}

/** What changes in one atomic update. A member not given stays as it is. */
export interface UserChange {
  readonly name?: string | null
  readonly username?: string | null
  readonly email?: string
  /** Goes with `email`. */
  readonly emailKey?: string
  readonly emailVerified?: boolean
  readonly status?: UserStatus
  readonly passwordHash?: string
  /** Replaces the whole set of roles. Every one must exist. */
  readonly roles?: readonly string[]
  /** Counters that go up by one in the same statement. */
  readonly raise?: readonly ('tokenVersion' | 'sessionVersion')[]
  /** Why access tokens die, for the ledger: to be given with `tokenVersion` in `raise`. */
  readonly reason?: RevocationReason
  readonly updatedAt: EpochSeconds
}

/** What must still be true for an update to happen (compare-and-swap). */
export interface UserExpectation {
  readonly passwordHash?: string
  readonly sessionVersion?: number
  readonly emailKey?: string
  readonly emailVerified?: boolean
  /** Must be there, and is taken by the update: of any number of calls, one has it. */
  readonly oneTimeToken?: { readonly purpose: OneTimePurpose; readonly hash: string }
}

/**
 * - `conflict`: the expectation did not hold, nothing changed
 * - `last_admin`: it would leave no active user with the role `admin`, nothing changed
 */
export type UserUpdateResult =
  | 'updated'
  | 'not_found'
  | 'conflict'
  | 'email_taken'
  | 'username_taken'
  | 'role_unknown'
  | 'last_admin'

/** What became of one of many users that were to be added. */
export type BatchOutcome =
  | { readonly result: 'created' | 'role_unknown' }
  | {
      readonly result: 'email_taken' | 'username_taken'
      /** Whoever has it, be it another of the same batch. */
      readonly holder: Pick<User, 'id' | 'passwordHash' | 'createdAt'>
    }

/** Which users to list. Ordered by creation, oldest first, then by id. */
export interface UserQuery {
  /** Part of the e-mail address, username or name, without regard to case. */
  readonly search?: string
  readonly role?: string
  readonly status?: UserStatus
  /** The last user of the page before. */
  readonly after?: { readonly createdAt: EpochSeconds; readonly id: string }
  /** 1 to 1000. */
  readonly limit: number
}

/**
 * Users. Proven by `userStoreContract`.
 *
 * A store keeps what it is given. It reads no clock and judges no policy, except
 * that one active `admin` remains: only the store can see all users at once.
 */
export interface UserStore {
  /** Adds a user with its roles. Of concurrent calls with one key, one is `created`. */
  create(
    user: User,
    along?: Along,
  ): Promise<'created' | 'email_taken' | 'username_taken' | 'role_unknown'>
  /**
   * Adds users with their roles, in one transaction and each by itself: who cannot be added is
   * left out, and of two with one key the first is added.
   *
   * @param users 1 to 10,000.
   * @returns What became of each, in their order.
   */
  createMany(users: readonly User[], along?: Along): Promise<BatchOutcome[]>
  find(id: string): Promise<User | null>
  findByEmailKey(emailKey: string): Promise<User | null>
  /** @param username Lower case. */
  findByUsername(username: string): Promise<User | null>
  /**
   * Changes one user in one transaction, never partly. When `tokenVersion` is raised, a
   * revocation of kind `user` is written with it.
   */
  update(
    id: string,
    change: UserChange,
    expected?: UserExpectation,
    along?: Along,
  ): Promise<UserUpdateResult>
  list(query: UserQuery): Promise<User[]>
  /** Removes a user with roles and sessions, and revokes their access tokens. */
  delete(
    id: string,
    at: EpochSeconds,
    along?: Along,
  ): Promise<'deleted' | 'not_found' | 'last_admin'>
}
