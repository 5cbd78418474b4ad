import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Auth } from '../app/create-auth.ts'
import { AuthError } from '../base/errors.ts'
import { addAnswerHeaders } from '../http/answer-headers.ts'
import { problemResponse } from '../http/problem.ts'

/** What `node:http` calls for each request. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * The authority as a listener for `node:http`, and for whatever builds on it.
 *
 * A body that a parser in front has read already, such as `express.json()`, is taken from
 * `request.body`. Answers every request: use `auth.owns` to leave some to others.
 */
export function nodeHandler(auth: Pick<Auth, 'handler' | 'issuer'>): NodeHandler {
  const { host: hostname, protocol } = new URL(auth.issuer)
  return getRequestListener(
    (request, { incoming }) => {
      const message = incoming as IncomingMessage
      return auth.handler(withParsedBody(request, message), message.socket.remoteAddress ?? '')
    },
    {
      hostname,
      overrideGlobalObjects: false,
      errorHandler: () => refusal({ https: protocol === 'https:' }),
    },
  )
}

function withParsedBody(request: Request, message: IncomingMessage & { body?: unknown }): Request {
  const { body } = message
  if (body === undefined || !message.readableEnded || request.method === 'GET') return request
  const { url, method, headers } = request
  return new Request(url, { method, headers, body: writtenOut(body), duplex: 'half' })
}

// What is nested too deeply to be written out again is a body that cannot be read.
function writtenOut(body: unknown): string | ReadableStream {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    return new ReadableStream({ start: (controller) => controller.error(cause) })
  }
}

// A request of which no URL can be made, such as one with a mangled Host header.
function refusal({ https }: { https: boolean }): Response {
  const answer = problemResponse(new AuthError('VALIDATION_FAILED'))
  addAnswerHeaders(answer.headers, { https })
  return answer
}
