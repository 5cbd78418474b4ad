import type { EpochSeconds } from '../base/time.ts'

/** Tokens that are good or bad together: of one session, while its user had these versions. */
export interface StatusSubject {
  readonly sessionId: string
  readonly tokenVersion: number
  readonly rolesVersion: number
}

/**
 * Which index of the status lists tells of which tokens. Proven by `statusStoreContract`.
 *
 * An index belongs to one subject until the last token of it has expired, and to another only
 * then.
 */
export interface StatusStore {
  find(subject: StatusSubject): Promise<number | null>
  /**
   * Gives a subject an index, unless it has one or the index is taken.
   *
   * @param until When the last token of the subject has expired.
   * @returns Whether it was given.
   */
  assign(subject: StatusSubject, index: number, until: EpochSeconds): Promise<boolean>
  /**
   * Indexes from `from` on and below `to` whose tokens are dead: the session or its user is gone,
   * ended or blocked, or a version is no longer the user's. In ascending order.
   */
  deadBetween(from: number, to: number): Promise<number[]>
  /** @returns How many indexes are free again. */
  deleteExpired(time: EpochSeconds): Promise<number>
}
