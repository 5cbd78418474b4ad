import type { EventStream, EventStreamStore } from '../model/event-stream.ts'
import type { Revocation, RevocationStore } from '../model/revocation.ts'
import type { Clock } from '../ports/clock.ts'
import { securityEvents } from './security-events.ts'

const maxEntries = 1000

interface CollectDeps {
  readonly clock: Clock
  readonly settings: { readonly issuer: string }
  readonly stores: {
    readonly eventStreams: EventStreamStore
    readonly revocations: RevocationStore
  }
}

/**
 * Moves a stream on to the end of the ledger, and keeps what it has to tell of the way.
 *
 * From a place that leads nowhere it starts anew with all that is unexpired. Its receiver then
 * gets some events again, under the names they had.
 */
export async function collectEvents(deps: CollectDeps, stream: EventStream): Promise<void> {
  const { eventStreams, revocations } = deps.stores
  const part = (await revocations.readAfter(stream.cursor, maxEntries)) ?? (await everything(deps))
  if (part.cursor === stream.cursor) return
  const issuer = deps.settings.issuer
  const events = part.entries.flatMap((entry) => securityEvents(entry, { issuer, stream }))
  await eventStreams.advance(stream.id, { from: stream.cursor, to: part.cursor, events })
}

async function everything({
  clock,
  stores: { revocations },
}: CollectDeps): Promise<{ cursor: string; entries: readonly Revocation[] }> {
  const cursor = await revocations.position()
  const entries: Revocation[] = []
  for (let after: string | null = ''; after !== null; ) {
    const page = await revocations.list({
      now: clock.now(),
      limit: maxEntries,
      ...(after !== '' && { after }),
    })
    entries.push(...page.entries)
    after = page.next
  }
  return { cursor, entries }
}
