import { type EpochSeconds, secondsPerHour, secondsPerMinute } from '../base/time.ts'

/** Why access tokens died. For operators; no verifier decides by it. */
export type RevocationReason =
  | 'logout'
  | 'ended_by_user'
  | 'ended_by_admin'
  | 'logout_everywhere'
  | 'refresh_token_reused'
  | 'session_limit'
  | 'context_changed'
  | 'password_changed'
  | 'user_blocked'
  | 'user_deleted'
  | 'roles_changed'
  | 'role_changed'
  | 'client_disabled'
  | 'key_compromised'

/**
 * Access tokens that are no longer good, told by what is in them.
 *
 * - `session`: tokens whose `sid` is `key`; `floor` is 0
 * - `user`: tokens whose `sub` is `key` and whose `tv` is below `floor`
 * - `role`: tokens whose `roles` hold `key` and whose `rv` is below `floor`
 * - `client`: tokens whose `client_id` is `key` and whose `tv` is below `floor`
 * - `key`: tokens signed under the `kid` that is `key`; `floor` is 0
 *
 * Entries form a join-semilattice: the dead, and the highest floor per key. They may be applied
 * twice, late and in any order. One entry stands for any number of tokens.
 */
export interface Revocation {
  readonly kind: 'session' | 'user' | 'role' | 'client' | 'key'
  readonly key: string
  readonly floor: number
  readonly reason: RevocationReason
  /** From here on no token it concerns is alive, and the entry is not needed. */
  readonly expiresAt: EpochSeconds
}

/** A clock may be wrong by an hour, one way when an entry is written and the other when it is read. */
const clockErrorSeconds = 2 * secondsPerHour

/**
 * How long an entry is kept: the longest an access token may live, whatever the option says
 * now (it may have been made shorter since), a minute for clocks that differ, and what a clock
 * that is set may be off.
 */
export const revocationSeconds: number = secondsPerHour + secondsPerMinute + clockErrorSeconds

/** Entries up to a place in the ledger. */
export interface LedgerPart {
  /**
   * A place: every entry committed before the read is at or before it. Opaque, at most 512 of
   * `[A-Za-z0-9_.:,-]`, good at every process of the installation.
   */
  readonly cursor: string
  readonly entries: readonly Revocation[]
}

/** A verifier as the hubs know it: how far it has come. */
export interface VerifierProgress {
  /** 16 to 64 of `[A-Za-z0-9_-]`, chosen by the verifier at its start. */
  readonly verifierId: string
  /** All up to here is applied in it. */
  readonly cursor: string
  /** When it was heard of last. */
  readonly seenAt: EpochSeconds
}

/** How many verifiers apply a revocation. */
export interface RevocationReach {
  /** Verifiers that were heard of since the given time. */
  readonly of: number
  /** Those of them that have applied it. */
  readonly effectiveOn: number
}

/**
 * The ledger of revocations. Proven by `revocationStoreContract`.
 *
 * Entries are written by the other stores, in the transaction of what caused them; here they
 * are read. What matters is completeness: `readAfter` never passes over an entry, however the transactions that wrote them overlapped.
 */
export interface RevocationStore {
  /**
   * Where a reader that knows nothing starts: the place now. It then reads every page of
   * `list`, and goes on with `readAfter(cursor)`.
   */
  position(): Promise<string>
  /** A page of what is unexpired at `now`, in a fixed order. `next`: where the next page starts. */
  list(input: {
    readonly now: EpochSeconds
    readonly after?: string
    readonly limit: number
  }): Promise<{ readonly entries: readonly Revocation[]; readonly next: string | null }>
  /**
   * What was committed after a place. With more than `limit` entries: `null`, as with a cursor
   * that is not one of this ledger's or lies ahead of it. The reader then starts anew.
   * Without new entries the cursor may be the one given.
   */
  readAfter(cursor: string, limit: number): Promise<LedgerPart | null>
  /** Notes how far verifiers have come; the latest word of each counts. */
  noteProgress(progress: readonly VerifierProgress[]): Promise<void>
  /** How many of the verifiers heard of since `since` apply the newest entry of a kind and key. */
  reach(target: Pick<Revocation, 'kind' | 'key'>, since: EpochSeconds): Promise<RevocationReach>
  /**
   * Calls a listener with what this process has committed, before the call that did it ends;
   * with nothing when another process may have written. @returns Ends that.
   */
  onWritten(listener: (entries: readonly Revocation[]) => void): () => void
  /** Removes entries that expired before `time`, and verifiers not heard of since. @returns How many entries. */
  deleteExpired(time: EpochSeconds): Promise<number>
}
