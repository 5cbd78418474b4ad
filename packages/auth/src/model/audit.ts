import type { EpochSeconds } from '../base/time.ts'

/** What happened. Stable: whoever searches the trail names them. */
export type AuditType =
  | 'user.created'
  | 'user.imported'
  | 'user.changed'
  | 'user.deleted'
  | 'user.exported'
  | 'login'
  | 'login.failed'
  | 'device.new'
  | 'logout'
  | 'session.ended'
  | 'session.context_changed'
  | 'sessions.ended'
  | 'refresh_token.reused'
  | 'password.changed'
  | 'password.reset'
  | 'password.reset_requested'
  | 'email.verified'
  | 'email.change_requested'
  | 'email.changed'
  | 'session.disowned'
  | 'role.changed'
  | 'role.deleted'
  | 'client.created'
  | 'client.changed'
  | 'client.secret_changed'
  | 'client.deleted'
  | 'key.added'
  | 'key.revoked'

/**
 * One event of the audit trail. Never holds a password, token, hash, key, or what somebody
 * typed: ids, a network, and words of ours.
 */
export interface AuditEvent {
  readonly at: EpochSeconds
  readonly type: AuditType
  /** The id of the user who did it, `cli`, `system`, or `anonymous`: nobody proved who it was. */
  readonly actor: string
  /** What it was done to: the id of a user or client, a role, a `kid`. `null`: nobody is known. */
  readonly subject: string | null
  readonly sessionId: string | null
  /** As limits count it: /24 of IPv4, /64 of IPv6. `null`: not over the network. */
  readonly network: string | null
  readonly outcome: 'success' | 'failure'
  /** A word or a list of words, such as `wrong_password` or `roles status`. */
  readonly reason: string | null
}

/** An event as it is kept. */
export interface AuditRecord extends AuditEvent {
  readonly id: number
  /** Its place in the chain, from 1 on; `null` until it is sealed, a moment later. */
  readonly position: number | null
  /** SHA-256 over the hash before and this event. */
  readonly hash: Uint8Array | null
}

/** Which events to list, newest first. */
export interface AuditQuery {
  /** Who did it, or to whom it was done. */
  readonly userId?: string
  readonly type?: string
  /** Not before. */
  readonly from?: EpochSeconds
  /** Not after. */
  readonly to?: EpochSeconds
  /** Older than this one. */
  readonly beforeId?: number
  readonly limit: number
}

/** What sealing works with: where the chain ends, and what comes next. */
export interface ChainStep {
  /** As the step before left it; `null` at the beginning. */
  readonly head: string | null
  readonly events: readonly AuditRecord[]
}

/** What a step adds: a place and a hash for each event, and the new end. */
export interface ChainedEvents {
  readonly head: string
  readonly links: readonly { readonly position: number; readonly hash: Uint8Array }[]
}

/**
 * The audit trail. Proven by `auditStoreContract`. Events are added by whatever store writes
 * what they describe, in its transaction.
 */
export interface AuditStore {
  /** Adds an event that describes no change to what is kept. */
  append(event: AuditEvent): Promise<void>
  /**
   * Chains up to `limit` events that are not yet, in one transaction; of several callers at a
   * time, one. @returns How many.
   */
  seal(limit: number, chain: (step: ChainStep) => ChainedEvents): Promise<number>
  list(query: AuditQuery): Promise<AuditRecord[]>
  /** The chain after a position, in its order. */
  chain(afterPosition: number, limit: number): Promise<AuditRecord[]>
  /** The end as it was kept apart; `null` before the first was sealed. */
  head(): Promise<string | null>
  countUnsealed(): Promise<number>
}
