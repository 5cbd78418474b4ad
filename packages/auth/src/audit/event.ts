import type { AuditEvent, AuditType } from '../model/audit.ts'
import type { Clock } from '../ports/clock.ts'

/** What differs from event to event. */
export interface EventMembers {
  readonly actor: string
  readonly subject?: string | null
  readonly sessionId?: string
  readonly client?: { readonly network: string }
  readonly outcome?: 'failure'
  readonly reason?: string
}

/** An event of now. A success, unless it says otherwise. */
export function auditEvent(
  { clock }: { readonly clock: Clock },
  type: AuditType,
  { actor, subject = null, sessionId, client, outcome, reason }: EventMembers,
): AuditEvent {
  return {
    at: clock.now(),
    type,
    actor,
    subject,
    sessionId: sessionId ?? null,
    network: client?.network ?? null,
    outcome: outcome ?? 'success',
    reason: reason ?? null,
  }
}
