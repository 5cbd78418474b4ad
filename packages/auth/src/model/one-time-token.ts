import type { EpochSeconds } from '../base/time.ts'

/** What a one-time token opens. */
export type OneTimePurpose = 'verify_email' | 'reset_password' | 'change_email' | 'disown_session'

/** A mailed secret that opens one thing once. */
export interface OneTimeToken {
  /** SHA-256 of the secret, as base64url. The secret itself is not kept. */
  readonly hash: string
  readonly purpose: OneTimePurpose
  /** Of tokens with one slot, only the newest is there. */
  readonly slot: string
  readonly userId: string
  /** The user's address when it was made: it opens nothing for another one. */
  readonly emailKey: string
  /** What else it is about: a new address, a session, or what must not have changed. */
  readonly detail: string | null
  readonly expiresAt: EpochSeconds
}

/**
 * Tokens that open one thing once. Proven by `oneTimeTokenStoreContract`. Taken by what they
 * open, in its transaction: `UserExpectation.oneTimeToken`.
 *
 * A store keeps what it is given. It reads no clock and judges no expiry.
 */
export interface OneTimeTokenStore {
  /** Adds a token and drops the one that had its slot. Nothing when the user is gone. */
  put(token: OneTimeToken): Promise<void>
  find(purpose: OneTimePurpose, hash: string): Promise<OneTimeToken | null>
  /** Removes tokens that expired before `time`. @returns How many. */
  deleteExpired(time: EpochSeconds): Promise<number>
}
