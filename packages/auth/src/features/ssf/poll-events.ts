import { z } from 'zod'
import type { EventStream, OutgoingEvent } from '../../model/event-stream.ts'
import { collectEvents } from '../../signals/collect-events.ts'
import { signEvent } from '../../signals/event-token.ts'
import { getStream } from '../../signals/manage-streams.ts'
import type { Deps } from '../deps.ts'
import { clientEndpoint, type Endpoint } from '../endpoint.ts'
import { manageScope, streamIdField } from './stream-answer.ts'

const usualEvents = 25
const mostEvents = 100
/** How long a poll is held that finds nothing, and how long it waits at most to look again. */
const holdMs = 10_000
const lookEveryMs = 1000

export const pollEvents: Endpoint = clientEndpoint({
  method: 'POST',
  path: '/ssf/poll/:streamId',
  tag: 'Events',
  scope: manageScope,
  summary: 'Gives the events that are not acknowledged, and takes acknowledgements (RFC 8936).',
  description: 'Without events the answer is held for ten seconds, unless asked otherwise.',
  params: z.strictObject({ streamId: streamIdField }),
  body: z.object({
    maxEvents: z.number().int().min(0).max(10_000).optional(),
    returnImmediately: z.boolean().optional(),
    ack: z.array(z.string().max(256)).max(1000).optional(),
    setErrs: z.record(z.string().max(256), z.object({ err: z.string().max(256) })).optional(),
  }),
  success: [
    {
      status: 200,
      description: 'Events by their names, as JWTs of the type `secevent+jwt`.',
      schema: z.object({
        sets: z.record(z.string(), z.string()),
        moreAvailable: z.boolean().optional(),
      }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, params: { streamId }, body }) {
    const { maxEvents = usualEvents, returnImmediately = false, ack = [], setErrs = {} } = body
    const stream = await getStream(deps, { clientId: caller.id, streamId })
    for (const [jti, { err }] of Object.entries(setErrs)) {
      deps.log.error(
        { event: 'security_event.refused', streamId, jti, detail: err },
        'a receiver refused an event',
      )
    }
    await deps.stores.eventStreams.acknowledge(streamId, [...ack, ...Object.keys(setErrs)])
    if (stream.status !== 'enabled' || maxEvents === 0) return Response.json({ sets: {} })
    const most = Math.min(maxEvents, mostEvents)
    const events = await find(deps, stream, { most, holdMs: returnImmediately ? 0 : holdMs })
    const signing = { signer: deps.keys.signer(), issuer: deps.settings.issuer }
    const sets = events
      .slice(0, most)
      .map((event) => [event.jti, signEvent(signing, stream, event)] as const)
    return Response.json({
      sets: Object.fromEntries(sets),
      ...(events.length > most && { moreAvailable: true }),
    })
  },
})

/** Looks until there is something or the hold is over. One more than wanted tells of more. */
async function find(
  deps: Deps,
  stream: EventStream,
  { most, holdMs }: { readonly most: number; readonly holdMs: number },
): Promise<OutgoingEvent[]> {
  for (let leftMs = holdMs; ; leftMs -= lookEveryMs) {
    const current = await getStream(deps, { clientId: stream.clientId, streamId: stream.id })
    await collectEvents(deps, current)
    const events = await deps.stores.eventStreams.pending(stream.id, most + 1)
    if (events.length > 0 || leftMs <= 0 || !deps.signals?.mayHold) return events
    await deps.signals.news(lookEveryMs)
  }
}
