import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import { changeStream, createStream, getStream, streamOf } from '../../signals/manage-streams.ts'
import { clientEndpoint, type Endpoint } from '../endpoint.ts'
import {
  changeStreamBody,
  manageScope,
  newStreamBody,
  streamIdField,
  streamSchema,
  toStreamAnswer,
  toWish,
} from './stream-answer.ts'

const path = '/ssf/streams'
const which = z.object({ stream_id: streamIdField })

export const createEventStream: Endpoint = clientEndpoint({
  method: 'POST',
  path,
  tag: 'Events',
  scope: manageScope,
  summary: 'Makes the event stream of a service client (OpenID SSF 1.0 §8.1.1.1).',
  description: 'It tells of what happens from now on. Without `delivery` events are fetched.',
  body: newStreamBody,
  success: [{ status: 201, description: 'The stream.', schema: streamSchema }],
  errors: ['VALIDATION_FAILED', 'STREAM_EXISTS', 'UNAVAILABLE'],

  async handle(deps, { caller, body }) {
    const stream = await createStream(deps, caller.id, toWish(body))
    return Response.json(toStreamAnswer(deps.settings, stream), { status: 201 })
  },
})

export const showEventStream: Endpoint = clientEndpoint({
  method: 'GET',
  path,
  tag: 'Events',
  scope: manageScope,
  summary: 'Shows the stream that is named, or a list of all there are (OpenID SSF 1.0 §8.1.1.2).',
  query: which.partial(),
  success: [
    {
      status: 200,
      description: 'The stream; without `stream_id` a list.',
      schema: z.union([streamSchema, z.array(streamSchema)]),
    },
  ],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, query }) {
    const { stream_id: streamId } = query
    if (streamId !== undefined) {
      const stream = await getStream(deps, { clientId: caller.id, streamId })
      return Response.json(toStreamAnswer(deps.settings, stream))
    }
    const stream = await streamOf(deps, caller.id)
    return Response.json(stream ? [toStreamAnswer(deps.settings, stream)] : [])
  },
})

export const changeEventStream: Endpoint = clientEndpoint({
  method: 'PATCH',
  path,
  tag: 'Events',
  scope: manageScope,
  summary: 'Changes what is given of a stream (OpenID SSF 1.0 §8.1.1.3).',
  body: changeStreamBody,
  success: [{ status: 200, description: 'The stream as it is now.', schema: streamSchema }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, body }) {
    const stream = await getStream(deps, { clientId: caller.id, streamId: body.stream_id })
    return Response.json(
      toStreamAnswer(deps.settings, await changeStream(deps, stream, toWish(body))),
    )
  },
})

export const replaceEventStream: Endpoint = clientEndpoint({
  method: 'PUT',
  path,
  tag: 'Events',
  scope: manageScope,
  summary: 'Replaces a stream: what is not given has its default (OpenID SSF 1.0 §8.1.1.4).',
  body: changeStreamBody,
  success: [{ status: 200, description: 'The stream as it is now.', schema: streamSchema }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, body }) {
    const stream = await getStream(deps, { clientId: caller.id, streamId: body.stream_id })
    const wish = toWish(body)
    const whole = {
      delivery: wish.delivery ?? { method: 'poll' as const },
      eventsRequested: wish.eventsRequested ?? stream.eventsRequested,
      description: wish.description ?? null,
    }
    return Response.json(toStreamAnswer(deps.settings, await changeStream(deps, stream, whole)))
  },
})

export const removeEventStream: Endpoint = clientEndpoint({
  method: 'DELETE',
  path,
  tag: 'Events',
  scope: manageScope,
  summary: 'Removes a stream and what it has not told (OpenID SSF 1.0 §8.1.1.5).',
  query: which,
  success: [{ status: 204, description: 'It is gone.' }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, query }) {
    const stream = await getStream(deps, { clientId: caller.id, streamId: query.stream_id })
    if (!(await deps.stores.eventStreams.delete(stream.id))) throw new AuthError('NOT_FOUND')
    deps.log.info({ event: 'stream.deleted', streamId: stream.id }, 'event stream deleted')
    return new Response(null, { status: 204 })
  },
})
