import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket, WebSocketServer } from 'ws'
import { readHandshakeToken } from './connection/handshake-token.ts'
import { type EndReason, type TokenWatch, watchToken } from './connection/watch-token.ts'
import { authenticateRequest } from './guard/authenticate-request.ts'
import { authorizeRequest } from './guard/authorize-request.ts'
import { GuardError } from './guard/guard-error.ts'
import { checkGuardOptions, type GuardOptions } from './guard/guard-options.ts'
import { openVerifier, type VerifierSource } from './guard/open-verifier.ts'
import { problemAnswer } from './guard/problem.ts'
import { parseRequirement, type Requirement } from './guard/requirement.ts'
import type { AccessToken } from './token/access-token.ts'

export { type AccessToken, type EndReason, GuardError, type Requirement, type VerifierSource }

/** How handshakes are looked at, and connections kept. */
export interface SocketGuardOptions extends Pick<GuardOptions, 'realm' | 'revocation'> {
  /** What the token must hold. It is looked at once: a change of roles ends the connection. */
  readonly requires?: Requirement
}

/** A request that has become a connection. */
export interface AuthenticatedRequest extends IncomingMessage {
  auth: AccessToken
}

/** A listener for `upgrade` of a `node:http` server. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Close code of RFC 6455 §7.4.2 for this library: the token is no longer good. */
const closedForToken = 4401
/** "Try again later": the copy of the ledger has been stale for too long. */
const closedForStale = 1013
/** How long a peer may take to close. Nothing it sends meanwhile is delivered. */
const graceMs = 1000
const staleForMs = 15_000
const lookEveryMs = 1000

const watches = new WeakMap<WebSocket, TokenWatch>()

/**
 * Lets handshakes with a good access token become connections of a `ws` server, and closes each
 * (4401, with `TOKEN_EXPIRED` or `TOKEN_REVOKED` as its reason) when its token is no longer good;
 * with `revocation: 'strict'` also (1013) when that could not be told for 15 seconds. Other
 * handshakes are answered as the guards for HTTP answer requests.
 *
 * @example
 * const sockets = new WebSocketServer({ noServer: true })
 * server.on('upgrade', authenticateUpgrades(sockets, verifier))
 * sockets.on('connection', (socket, request) => { request.auth.sub })
 *
 * @throws {TypeError} Names every option that is wrong.
 */
export function authenticateUpgrades(
  sockets: WebSocketServer,
  source: VerifierSource,
  { requires, ...options }: SocketGuardOptions = {},
): UpgradeListener {
  const verifier = openVerifier(source)
  const { realm, revocation: policy } = checkGuardOptions(options)
  const rule = requires === undefined ? null : parseRequirement(requires)

  const authenticate = async (request: IncomingMessage): Promise<AccessToken> => {
    const { authorization, protocols } = readHandshakeToken(request, realm)
    const token = await authenticateRequest(
      { verifier, realm, policy },
      { method: request.method ?? 'GET', authorization },
    )
    if (rule) authorizeRequest({ rule, realm }, token)
    // The server answers with one of these.
    if (protocols.length > 0) request.headers['sec-websocket-protocol'] = protocols.join(', ')
    return token
  }

  const accept = (request: IncomingMessage, duplex: Duplex, head: Buffer, token: AccessToken) => {
    sockets.handleUpgrade(request, duplex, head, (socket) => {
      const close = (code: number, reason: string) => closeFor(socket, code, reason)
      const watch = watchToken(verifier, token, (reason) => close(closedForToken, reason))
      const stopLooking =
        policy === 'strict' ? closeWhenStale(verifier.revocation, close) : undefined
      watches.set(socket, watch)
      socket.on('close', () => {
        watch.stop()
        stopLooking?.()
      })
      sockets.emit('connection', socket, Object.assign(request, { auth: token }))
    })
  }

  return (request, duplex, head) => {
    duplex.on('error', () => duplex.destroy())
    authenticate(request).then(
      (token) => accept(request, duplex, head, token),
      (error: unknown) => refuse(duplex, error),
    )
  }
}

/**
 * Goes on with another access token of the same user: what the client has sent over the
 * connection after it refreshed.
 *
 * @throws {TokenError} It is not good; the old one still counts, until it expires.
 * @throws {TypeError} The connection did not come through `authenticateUpgrades`, or has closed.
 */
export function renewToken(socket: WebSocket, token: string): Promise<AccessToken> {
  const watch = watches.get(socket)
  if (!watch) throw new TypeError('renewToken: not a connection of authenticateUpgrades.')
  return watch.renew(token)
}

/** The token that counts now for a connection; `null` when it did not come through the guard. */
export function tokenOf(socket: WebSocket): AccessToken | null {
  return watches.get(socket)?.token ?? null
}

function closeWhenStale(
  revocation: { ageMs(): number } | null,
  close: (code: number, reason: string) => void,
): (() => void) | undefined {
  if (!revocation) return undefined
  const timer = setInterval(() => {
    if (revocation.ageMs() > staleForMs) close(closedForStale, 'REVOCATION_STATE_STALE')
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

function closeFor(socket: WebSocket, code: number, reason: string): void {
  // What still comes is of nobody.
  socket.removeAllListeners('message')
  socket.close(code, reason)
  setTimeout(() => socket.terminate(), graceMs).unref()
}

function refuse(duplex: Duplex, error: unknown): void {
  const known = error instanceof GuardError ? error : new GuardError('UNAVAILABLE')
  const { status, headers, body } = problemAnswer(known)
  const lines = Object.entries({
    ...headers,
    Connection: 'close',
    'Content-Length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}`)
  duplex.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}
