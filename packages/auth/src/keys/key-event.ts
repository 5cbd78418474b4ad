import type { EpochSeconds } from '../base/time.ts'
import type { AuditEvent } from '../model/audit.ts'

/** What the audit trail says of a change to the signing keys. */
export function keyEvent(
  type: 'key.added' | 'key.revoked',
  { kid, at, actor }: { readonly kid: string; readonly at: EpochSeconds; readonly actor: string },
): AuditEvent {
  const where = { sessionId: null, network: null }
  return { at, type, actor, subject: kid, ...where, outcome: 'success', reason: null }
}
