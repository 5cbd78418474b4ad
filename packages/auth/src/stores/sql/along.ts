import type { Insertable, Kysely, Transaction } from 'kysely'
import type { Along } from '../../model/along.ts'
import type { AuditEvent } from '../../model/audit.ts'
import type { MailOrder } from '../../model/mail.ts'
import type { AuditEventRow, MailOrderRow, Tables } from './tables.ts'

/** Writes what goes with a change that has just happened in this transaction. */
export async function writeAlong(
  trx: Transaction<Tables> | Kysely<Tables>,
  along: Along | undefined,
): Promise<void> {
  if (along?.audit) {
    await trx.insertInto('audit_events').values(fromAuditEvent(along.audit)).execute()
  }
  if (along?.mail && along.mail.length > 0) {
    await trx.insertInto('mail_orders').values(along.mail.map(fromMailOrder)).execute()
  }
}

export function fromAuditEvent(event: AuditEvent): Insertable<AuditEventRow> {
  const { at, type, actor, subject, sessionId, network, outcome, reason } = event
  return { at, type, actor, subject, session_id: sessionId, network, outcome, reason }
}

function fromMailOrder(order: MailOrder): Insertable<MailOrderRow> {
  const { id, kind, sealed, createdAt } = order
  return { id, kind, sealed, due_at: createdAt, created_at: createdAt }
}
