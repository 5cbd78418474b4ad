import { open } from '../crypto/seal.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { KeyRing } from '../keys/key-ring.ts'
import type { EventStream, EventStreamStore, OutgoingEvent } from '../model/event-stream.ts'
import type { Logger } from '../ports/logger.ts'
import type { Post, Posted } from '../ports/post.ts'
import { signEvent } from './event-token.ts'

const timeoutMs = 5000
const batch = 50

export interface PushDeps {
  readonly log: Logger
  readonly post: Post
  readonly keys: Pick<KeyRing, 'signer'>
  readonly secrets: ApplicationSecrets
  readonly settings: { readonly issuer: string }
  readonly stores: { readonly eventStreams: EventStreamStore }
}

/**
 * Sends what is pending, in order, until the receiver does not take it.
 *
 * @returns Whether everything that was looked at is delivered.
 * @see RFC 8935 §2
 */
export async function pushEvents(deps: PushDeps, stream: EventStream): Promise<boolean> {
  const { eventStreams } = deps.stores
  for (const event of await eventStreams.pending(stream.id, batch)) {
    const posted = await postEvent(deps, stream, event)
    if (posted.status === 400) {
      // It will never be taken; the others may.
      const fields = { event: 'security_event.refused', streamId: stream.id, jti: event.jti }
      deps.log.error({ ...fields, detail: errorOf(posted) }, 'a receiver refused an event')
    } else if (posted.status !== 202 && posted.status !== 200) {
      const fields = { event: 'security_event.undelivered', streamId: stream.id }
      deps.log.warn({ ...fields, status: posted.status }, 'a receiver does not take events')
      return false
    }
    await eventStreams.acknowledge(stream.id, [event.jti])
  }
  return true
}

/** What was answered; status 0 when nothing was. */
async function postEvent(
  { post, keys, secrets, settings, log }: PushDeps,
  stream: EventStream,
  event: OutgoingEvent,
): Promise<Posted> {
  if (stream.delivery.method !== 'push') throw new TypeError('not a stream that is pushed')
  const { url, sealedAuthorization } = stream.delivery
  const token = signEvent({ signer: keys.signer(), issuer: settings.issuer }, stream, event)
  try {
    const headers = {
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      ...(sealedAuthorization !== null && {
        authorization: openAuthorization(secrets, stream.id, sealedAuthorization),
      }),
    }
    return await post({ url, headers, body: token, timeoutMs })
  } catch (error) {
    log.debug({ streamId: stream.id, detail: String(error) }, 'a receiver could not be reached')
    return { status: 0, text: '' }
  }
}

/** Sealed for its stream: another's row does not open it. */
export function authorizationContext(streamId: string): string {
  return `event-stream:${streamId}`
}

function openAuthorization(secrets: ApplicationSecrets, id: string, sealed: string): string {
  return Buffer.from(open(secrets, { sealed, context: authorizationContext(id) })).toString('utf8')
}

// RFC 8935 §2.4: `{ "err": …, "description": … }`. Of the receiver's words only the code.
function errorOf({ text }: Posted): string {
  return /"err"\s*:\s*"([\w.-]{1,64})"/.exec(text)?.[1] ?? 'no reason given'
}
