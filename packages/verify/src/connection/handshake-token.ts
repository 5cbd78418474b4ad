import type { IncomingMessage } from 'node:http'
import { challenge } from '../guard/challenge.ts'
import { GuardError } from '../guard/guard-error.ts'
import { authorizationOf } from '../guard/node-authorization.ts'

/** How a browser hands over a token, which cannot set headers: as a subprotocol beside its own. */
const protocolPrefix = 'countersign.bearer.'

/** Where tokens are looked for elsewhere, and end up in logs and histories. */
const queryNames = ['access_token', 'token', 'auth', 'jwt']

/** What a handshake says of who makes it. */
export interface HandshakeToken {
  /** The values of its `Authorization` headers, as they were or as the subprotocol stands for. */
  readonly authorization: readonly string[]
  /** The subprotocols the application may choose from: never the token. */
  readonly protocols: readonly string[]
}

/**
 * Finds the access token of a WebSocket handshake: in `Authorization`, or as the subprotocol
 * `countersign.bearer.<token>`. Never in the URL.
 *
 * @throws {GuardError} `VALIDATION_FAILED` when it is in the query, comes twice, or no other
 *   subprotocol is offered: the server has to name one, and must not repeat the token.
 */
export function readHandshakeToken(request: IncomingMessage, realm: string): HandshakeToken {
  const { searchParams } = new URL(request.url ?? '/', 'ws://host')
  if (queryNames.some((name) => searchParams.has(name))) throw malformed(realm)
  const offered = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const carriers = offered.filter((name) => name.startsWith(protocolPrefix))
  const protocols = offered.filter((name) => !name.startsWith(protocolPrefix))
  const authorization = authorizationOf(request)
  if (carriers.length === 0) return { authorization, protocols }
  const isClear = carriers.length === 1 && authorization.length === 0 && protocols.length > 0
  if (!isClear) throw malformed(realm)
  return { authorization: [`Bearer ${carriers[0]?.slice(protocolPrefix.length)}`], protocols }
}

function malformed(realm: string): GuardError {
  return new GuardError('VALIDATION_FAILED', {
    headers: challenge(realm, { error: 'invalid_request' }),
  })
}
