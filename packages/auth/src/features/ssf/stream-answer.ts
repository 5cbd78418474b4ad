import { z } from 'zod'
import type { EventStream } from '../../model/event-stream.ts'
import type { StreamWish } from '../../signals/manage-streams.ts'
import { supportedEvents } from '../../signals/security-events.ts'

const pushMethod = 'urn:ietf:rfc:8935'
const pollMethod = 'urn:ietf:rfc:8936'

/** The scope of service clients that receive events. */
export const manageScope = 'ssf.manage'

export const streamIdField: z.ZodString = z.string().regex(/^str_[\w-]{22}$/)

/** What a receiver may say of its stream; other members are passed over. */
interface StreamBody {
  delivery?:
    | {
        method: typeof pushMethod | typeof pollMethod
        endpoint_url?: string | undefined
        authorization_header?: string | undefined
      }
    | undefined
  events_requested?: string[] | undefined
  description?: string | undefined
}

const wishFields = {
  delivery: z
    .object({
      method: z.enum([pushMethod, pollMethod]),
      endpoint_url: z.string().max(2048).optional(),
      // RFC 9110 §5.5: what a field may hold.
      authorization_header: z
        .string()
        .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?$/)
        .optional(),
    })
    .refine(({ method, endpoint_url: url }) => method === pollMethod || url !== undefined, {
      path: ['endpoint_url'],
    })
    .optional(),
  events_requested: z.array(z.string().max(512)).max(100).optional(),
  description: z.string().max(512).optional(),
} as const

/** A new stream. */
export const newStreamBody: z.ZodType<StreamBody> = z.object(wishFields)

/** A change to a stream. */
export const changeStreamBody: z.ZodType<StreamBody & { stream_id: string }> = z.object({
  stream_id: streamIdField,
  ...wishFields,
})

export function toWish(body: StreamBody): StreamWish {
  const { delivery, events_requested: eventsRequested, description } = body
  return {
    eventsRequested,
    description,
    delivery:
      delivery?.method === pushMethod
        ? {
            method: 'push',
            url: delivery.endpoint_url ?? '',
            authorization: delivery.authorization_header ?? null,
          }
        : delivery && { method: 'poll' },
  }
}

/** A stream as its receiver sees it (OpenID SSF 1.0 §8.1.1). */
export const streamSchema: z.ZodType = z
  .object({
    stream_id: z.string(),
    iss: z.string(),
    aud: z.string(),
    delivery: z.object({ method: z.string(), endpoint_url: z.string() }),
    events_supported: z.array(z.string()),
    events_requested: z.array(z.string()),
    events_delivered: z.array(z.string()),
    description: z.string().optional(),
  })
  .meta({ id: 'EventStream' })

/** The header that events are pushed with is not shown. */
export function toStreamAnswer(
  { issuer, basePath }: { readonly issuer: string; readonly basePath: string },
  { id, audience, delivery, eventsRequested, description }: EventStream,
): object {
  return {
    stream_id: id,
    iss: issuer,
    aud: audience,
    delivery:
      delivery.method === 'push'
        ? { method: pushMethod, endpoint_url: delivery.url }
        : { method: pollMethod, endpoint_url: `${issuer}${basePath}/ssf/poll/${id}` },
    events_supported: [...supportedEvents],
    events_requested: [...eventsRequested],
    events_delivered: [...eventsRequested],
    ...(description !== null && { description }),
  }
}
