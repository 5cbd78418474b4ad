import type { Kysely, Transaction } from 'kysely'
import type { Along } from '../../model/along.ts'
import { fromAuditEvent } from './audit.ts'
import { fromMailOrder } from './outbox.ts'
import type { Tables } from './tables.ts'

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
