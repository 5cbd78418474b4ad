import type { EpochSeconds } from '../base/time.ts'
import type { Along } from './along.ts'
import type { User } from './user.ts'

/** Why a session ended. Kept until the row is swept. */
export type SessionEndReason =
  | 'logout'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'logout_everywhere'
  | 'refresh_token_reused'
  | 'session_limit'
  | 'context_changed'

/** One generation of a session's refresh token, as far as the server remembers it. */
export interface Generation {
  /** SHA-256 of the generation's secret: 32 bytes. The secret itself is not kept. */
  readonly hash: Uint8Array
  /** When it became the current one. */
  readonly startedAt: EpochSeconds
}

/** How many generations a session remembers, the current one included. */
export const rememberedGenerations = 8

/** A signed-in browser or device. `id` is `sid` on the wire. */
export interface Session {
  /** `ses_` and 22 characters of base64url (128 random bits). */
  readonly id: string
  readonly userId: string
  readonly status: 'active' | 'ended'
  /** The user's `sessionVersion` when the session started; below it the session is dead. */
  readonly authVersion: number
  /** Number of the current refresh token, from 0. */
  readonly generation: number
  /** Newest first: `[0]` is `generation`, `[1]` the one before. One to eight entries. */
  readonly generations: readonly Generation[]
  readonly createdAt: EpochSeconds
  readonly lastUsedAt: EpochSeconds
  /** `min(last use + idle lifetime, sign-in + absolute lifetime)`. */
  readonly expiresAt: EpochSeconds
  /** Sign-in + absolute lifetime. */
  readonly maxExpiresAt: EpochSeconds
  readonly endedAt: EpochSeconds | null
  readonly endReason: SessionEndReason | null
  /** How the user signed in: RFC 8176 values, such as `pwd`. */
  readonly authMethods: readonly string[]
  /** Address and agent of the last use; shown to the user. */
  readonly ip: string
  readonly userAgent: string | null
}

/** The compare-and-swap of a refresh: applied only while all of it still holds. */
export interface Rotation {
  readonly sessionId: string
  /** The generation that was read. */
  readonly fromGeneration: number
  /** The user's `sessionVersion` that was read. */
  readonly sessionVersion: number
  /** What the session becomes: generation + 1, newest first. */
  readonly generations: readonly Generation[]
  readonly lastUsedAt: EpochSeconds
  readonly expiresAt: EpochSeconds
  readonly ip: string
  readonly userAgent: string | null
}

/**
 * Sessions. Proven by `sessionStoreContract`.
 *
 * A store keeps what it is given. It reads no clock and judges no expiry.
 */
export interface SessionStore {
  /**
   * Adds a session. If the user then has more than `limit` active sessions, the least
   * recently used of the others end with reason `session_limit`, in the same transaction, and
   * their access tokens are revoked.
   * @throws {AuthError} `UNAVAILABLE` when there is no such user any more.
   */
  create(session: Session, limit: number, along?: Along): Promise<void>
  find(id: string): Promise<Session | null>
  /** One consistent read of a session and the user it belongs to. */
  findWithUser(id: string): Promise<{ session: Session; user: User } | null>
  /**
   * Moves a session one generation forward. Atomic: only if it is active, still at
   * `fromGeneration`, and its user is active with the same `sessionVersion`.
   * @returns Whether it happened. Of concurrent calls with one `fromGeneration`, one is true.
   */
  rotate(rotation: Rotation): Promise<boolean>
  /** Ends a session, and revokes its access tokens. @returns Whether this call ended it. */
  end(id: string, reason: SessionEndReason, at: EpochSeconds, along?: Along): Promise<boolean>
  /**
   * Ends a user's active sessions but one, and revokes their access tokens: an entry each, as
   * many as a user may have sessions. All of them end by the user's counters. @returns How many.
   */
  endOthersOfUser(
    userId: string,
    input: { reason: SessionEndReason; at: EpochSeconds; except: string; along?: Along },
  ): Promise<number>
  /** A user's active sessions, most recently used first, then by id. */
  listActive(userId: string): Promise<Session[]>
  /** Every session of a user that is kept, ended ones too, oldest first, then by id. */
  listOfUser(userId: string): Promise<Session[]>
  /** Removes sessions that ended, or expired, before `time`. @returns How many. */
  deleteExpired(time: EpochSeconds): Promise<number>
}
