import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Auth } from '../app/create-auth.ts'
import { AuthError } from '../base/errors.ts'
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
  const hostname = new URL(auth.issuer).host
  return getRequestListener(
    (request, { incoming }) => {
      const message = incoming as IncomingMessage
      return auth.handler(withParsedBody(request, message), message.socket.remoteAddress ?? '')
    },
    { hostname, overrideGlobalObjects: false, errorHandler: refuse },
  )
}

function withParsedBody(request: Request, message: IncomingMessage & { body?: unknown }): Request {
  const { body } = message
  if (body === undefined || !message.readableEnded || request.method === 'GET') return request
  const { url, method, headers } = request
  return new Request(url, { method, headers, body: JSON.stringify(body) })
}

// A request of which no URL can be made, such as one with a mangled Host header.
function refuse(): Response {
  return problemResponse(new AuthError('VALIDATION_FAILED'), '')
}
