import type { EpochSeconds } from '../base/time.ts'
import type { Along } from './along.ts'

/** A named set of permissions. */
export interface Role {
  /** 1 to 64 of `[a-z0-9_-]`, starting with a letter. */
  readonly name: string
  /** Ascending, without repeats. Each 1 to 64 of `[a-z0-9_.:-]`. */
  readonly permissions: readonly string[]
}

/** The role that may use the admin endpoints. Always there; cannot be deleted. */
export const adminRole = 'admin'

/** Roles. Proven by `roleStoreContract`. */
export interface RoleStore {
  /** Ascending by name. */
  list(): Promise<Role[]>
  find(name: string): Promise<Role | null>
  /**
   * Adds or replaces a role. If its permissions change, it gets a higher version, and one
   * revocation of kind `role` is written: access tokens of everyone who has it die.
   */
  put(role: Role, at: EpochSeconds, along?: Along): Promise<'created' | 'changed' | 'unchanged'>
  /** Removes a role from everyone who has it, and then itself; their access tokens die likewise. */
  delete(name: string, at: EpochSeconds, along?: Along): Promise<boolean>
  /** All permissions the named roles give, ascending, without repeats. Unknown names give none. */
  permissionsOf(roles: readonly string[]): Promise<string[]>
}
