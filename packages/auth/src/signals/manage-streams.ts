import { toBase64Url } from '../base/encoding.ts'
import { AuthError } from '../base/errors.ts'
import { seal } from '../crypto/seal.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type {
  EventDelivery,
  EventStream,
  EventStreamChange,
  EventStreamStore,
} from '../model/event-stream.ts'
import type { RevocationStore } from '../model/revocation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Random } from '../ports/random.ts'
import { authorizationContext } from './push-events.ts'
import { supportedEvents } from './security-events.ts'

export interface ManageDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly secrets: ApplicationSecrets
  readonly settings: { readonly https: boolean }
  readonly stores: {
    readonly eventStreams: EventStreamStore
    readonly revocations: RevocationStore
  }
}

/** What a receiver asks for. What is not given has its default, or stays. */
export interface StreamWish {
  readonly delivery?:
    | {
        readonly method: 'push'
        readonly url: string
        readonly authorization: string | null
      }
    | { readonly method: 'poll' }
    | undefined
  readonly eventsRequested?: readonly string[] | undefined
  readonly description?: string | null | undefined
}

/**
 * Makes the stream of a service client. It tells of what happens from now on.
 *
 * @throws {AuthError} `STREAM_EXISTS`: a client has one. `VALIDATION_FAILED`: its events cannot
 *   be sent there.
 */
export async function createStream(
  deps: ManageDeps,
  clientId: string,
  wish: StreamWish,
): Promise<EventStream> {
  const { clock, random, log, stores } = deps
  const id = `str_${toBase64Url(random.bytes(16))}`
  const stream: EventStream = {
    id,
    clientId,
    audience: clientId,
    delivery: toDelivery(deps, id, wish.delivery ?? { method: 'poll' }),
    eventsRequested: requested(wish.eventsRequested),
    description: wish.description ?? null,
    status: 'enabled',
    statusReason: null,
    cursor: await stores.revocations.position(),
    createdAt: clock.now(),
  }
  if (!(await stores.eventStreams.create(stream))) throw new AuthError('STREAM_EXISTS')
  log.info({ event: 'stream.created', streamId: id, clientId }, 'event stream created')
  return stream
}

/** The stream of a client, if it has one. */
export async function streamOf(
  { stores }: Pick<ManageDeps, 'stores'>,
  clientId: string,
): Promise<EventStream | null> {
  const streams = await stores.eventStreams.list()
  return streams.find((stream) => stream.clientId === clientId) ?? null
}

/** @throws {AuthError} `NOT_FOUND`: the client has no such stream. */
export async function getStream(
  { stores }: Pick<ManageDeps, 'stores'>,
  { clientId, streamId }: { readonly clientId: string; readonly streamId: string },
): Promise<EventStream> {
  const stream = await stores.eventStreams.find(streamId)
  if (!stream || stream.clientId !== clientId) throw new AuthError('NOT_FOUND')
  return stream
}

/** @throws {AuthError} `VALIDATION_FAILED`, `NOT_FOUND`. */
export async function changeStream(
  deps: ManageDeps,
  stream: EventStream,
  wish: StreamWish,
): Promise<EventStream> {
  const { delivery, eventsRequested, description } = wish
  const change: EventStreamChange = {
    ...(delivery && { delivery: toDelivery(deps, stream.id, delivery) }),
    ...(eventsRequested && { eventsRequested: requested(eventsRequested) }),
    ...(description !== undefined && { description }),
  }
  if (!(await deps.stores.eventStreams.change(stream.id, change))) throw new AuthError('NOT_FOUND')
  return { ...stream, ...change }
}

/** A stream that was disabled tells of what happens from then on; one that was paused, of all. */
export async function setStreamStatus(
  { stores, log }: ManageDeps,
  stream: EventStream,
  { status, reason }: { readonly status: EventStream['status']; readonly reason: string | null },
): Promise<void> {
  if (stream.status === 'disabled' && status !== 'disabled') {
    const to = await stores.revocations.position()
    await stores.eventStreams.advance(stream.id, { from: stream.cursor, to, events: [] })
  }
  const isThere = await stores.eventStreams.change(stream.id, { status, statusReason: reason })
  if (!isThere) throw new AuthError('NOT_FOUND')
  log.info({ event: 'stream.status', streamId: stream.id, status }, 'event stream changed')
}

function requested(types: readonly string[] | undefined): readonly string[] {
  if (types === undefined) return supportedEvents
  return supportedEvents.filter((type) => types.includes(type))
}

function toDelivery(
  deps: ManageDeps,
  streamId: string,
  delivery: NonNullable<StreamWish['delivery']>,
): EventDelivery {
  if (delivery.method === 'poll') return delivery
  const { url, authorization } = delivery
  if (!isPushable(url, deps.settings)) {
    throw new AuthError('VALIDATION_FAILED', {
      detail: 'where events are pushed to',
      errors: [
        {
          path: 'delivery.endpoint_url',
          code: 'INVALID',
          message: 'This must be an https URL without a user name and fragment.',
        },
      ],
    })
  }
  const context = authorizationContext(streamId)
  const sealedAuthorization =
    authorization === null ? null : seal(deps, { plaintext: Buffer.from(authorization), context })
  return { method: 'push', url, sealedAuthorization }
}

// An authority without https is one of development, on this machine, and so may its receiver be.
function isPushable(text: string, { https }: { readonly https: boolean }): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, hash } = new URL(text)
  const isLoopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname)
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback && !https)
  return isSafe && username === '' && password === '' && hash === ''
}
