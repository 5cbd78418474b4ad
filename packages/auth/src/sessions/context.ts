import { auditEvent } from '../audit/event.ts'
import type { MailOrders } from '../mail/orders.ts'
import type { Along } from '../model/along.ts'
import type { Session } from '../model/session.ts'
import type { Clock } from '../ports/clock.ts'
import { networkOf } from '../throttle/address.ts'
import { nameOfDevice } from './sign-in.ts'

/** From where a session is used. */
export interface Context {
  readonly ip: string
  readonly userAgent: string | null
}

/** What became different since the session was last used: `network`, `agent`, both or nothing. */
export function contextChanges(session: Context, now: Context): string[] {
  return [
    ...(networkOf(session.ip) === networkOf(now.ip) ? [] : ['network']),
    ...(session.userAgent === now.userAgent ? [] : ['agent']),
  ]
}

/** What is told of a session that is used from elsewhere: always the trail, by option its user. */
export function aboutContext(
  deps: {
    readonly clock: Clock
    readonly mailer: MailOrders | null
    readonly settings: { readonly onContextChange: 'record' | 'mail' | 'end' }
  },
  { session, context, changes }: { session: Session; context: Context; changes: readonly string[] },
): Along & { readonly audit: NonNullable<Along['audit']> } {
  const { id: sessionId, userId } = session
  const audit = auditEvent(deps, 'session.context_changed', {
    actor: userId,
    subject: userId,
    sessionId,
    client: { network: networkOf(context.ip) },
    reason: changes.join(' '),
  })
  if (deps.settings.onContextChange === 'record' || !deps.mailer) return { audit }
  const device = nameOfDevice(context.userAgent)
  const order = deps.mailer.order('context_changed', { userId, sessionId, device, at: audit.at })
  return { audit, mail: [order] }
}
