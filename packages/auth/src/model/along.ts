import type { AuditEvent } from './audit.ts'
import type { MailOrder } from './mail.ts'

/**
 * What a store writes in the transaction of a change, if and only if the change happens: that it
 * did, for the audit trail, and whom to tell of it.
 */
export interface Along {
  readonly audit?: AuditEvent
  readonly mail?: readonly MailOrder[]
}
