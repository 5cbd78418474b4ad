import type { EpochSeconds } from '../base/time.ts'
import type { AuditEvent } from './audit.ts'

/** What a mail says. A template each. */
export type MailKind =
  | 'verify_email'
  | 'already_registered'
  | 'reset_password'
  | 'confirm_new_email'
  | 'email_change_requested'
  | 'email_changed'
  | 'password_changed'
  | 'new_device'
  | 'context_changed'
  | 'session_stolen'

/** What is to be done by mail: `register` creates the user first, if there is none yet. */
export type MailOrderKind = MailKind | 'register'

/**
 * A mail to be sent. What it is about is sealed: addresses are nobody's business who reads a
 * backup. It holds no secret; those are made when it is sent.
 */
export interface MailOrder {
  /** `mail_` and 22 characters of base64url (128 random bits). */
  readonly id: string
  readonly kind: MailOrderKind
  readonly sealed: string
  readonly createdAt: EpochSeconds
}

/** An order somebody is working on. */
export interface TakenOrder extends MailOrder {
  /** How often it was taken, this time included. */
  readonly attempts: number
}

/** Mail waiting to be sent. Proven by `outboxStoreContract`. */
export interface OutboxStore {
  /** Adds orders, and that they were asked for, together. */
  add(orders: readonly MailOrder[], audit?: AuditEvent): Promise<void>
  /**
   * Takes orders that are due, the longest due first. They are due again at `until` unless
   * they are removed or postponed. Of several callers, one gets an order.
   */
  take(now: EpochSeconds, until: EpochSeconds, limit: number): Promise<TakenOrder[]>
  postpone(id: string, dueAt: EpochSeconds): Promise<void>
  remove(id: string): Promise<void>
  /** How many wait, and since when the oldest; `null` when none does. */
  waiting(): Promise<{ readonly count: number; readonly oldestAt: EpochSeconds | null }>
}
