import { z } from 'zod'
import { toBase64Url } from '../../base/encoding.ts'
import { getStream, setStreamStatus } from '../../signals/manage-streams.ts'
import { verificationEvent } from '../../signals/security-events.ts'
import { clientEndpoint, type Endpoint } from '../endpoint.ts'
import { manageScope, streamIdField } from './stream-answer.ts'

const statusSchema = z.object({
  stream_id: z.string(),
  status: z.enum(['enabled', 'paused', 'disabled']),
  reason: z.string().optional(),
})

export const showStreamStatus: Endpoint = clientEndpoint({
  method: 'GET',
  path: '/ssf/status',
  tag: 'Events',
  scope: manageScope,
  summary: 'Says whether a stream delivers (OpenID SSF 1.0 §8.1.2.1).',
  query: z.object({ stream_id: streamIdField }),
  success: [{ status: 200, description: 'Its status.', schema: statusSchema }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, query }) {
    const { id, status, statusReason } = await getStream(deps, {
      clientId: caller.id,
      streamId: query.stream_id,
    })
    const reason = statusReason === null ? {} : { reason: statusReason }
    return Response.json({ stream_id: id, status, ...reason })
  },
})

export const changeStreamStatus: Endpoint = clientEndpoint({
  method: 'POST',
  path: '/ssf/status',
  tag: 'Events',
  scope: manageScope,
  summary: 'Pauses, disables or enables a stream (OpenID SSF 1.0 §8.1.2.2).',
  description: 'While it is paused its events are kept; while it is disabled they are not.',
  body: z.object({
    stream_id: streamIdField,
    status: z.enum(['enabled', 'paused', 'disabled']),
    reason: z.string().max(512).optional(),
  }),
  success: [{ status: 200, description: 'Its status now.', schema: statusSchema }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, body }) {
    const { stream_id: streamId, status, reason } = body
    const stream = await getStream(deps, { clientId: caller.id, streamId })
    await setStreamStatus(deps, stream, { status, reason: reason ?? null })
    return Response.json({ stream_id: streamId, status, ...(reason !== undefined && { reason }) })
  },
})

export const verifyStream: Endpoint = clientEndpoint({
  method: 'POST',
  path: '/ssf/verify',
  tag: 'Events',
  scope: manageScope,
  summary: 'Asks for an event that shows that events arrive (OpenID SSF 1.0 §8.1.4.2).',
  body: z.object({ stream_id: streamIdField, state: z.string().max(1024).optional() }),
  success: [{ status: 204, description: 'It is under way.' }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, body }) {
    const { stream_id: streamId, state } = body
    const stream = await getStream(deps, { clientId: caller.id, streamId })
    const jti = toBase64Url(deps.random.bytes(24))
    const event = verificationEvent({ jti, streamId, state, now: deps.clock.now() })
    await deps.stores.eventStreams.add(stream.id, event)
    void deps.signals?.run()
    return new Response(null, { status: 204 })
  },
})
