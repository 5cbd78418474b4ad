import type { Socket } from 'socket.io'
import { type EndReason, type TokenWatch, watchToken } from './connection/watch-token.ts'
import { authenticateRequest } from './guard/authenticate-request.ts'
import { authorizeRequest } from './guard/authorize-request.ts'
import { GuardError } from './guard/guard-error.ts'
import { checkGuardOptions, type GuardOptions } from './guard/guard-options.ts'
import { openVerifier, type VerifierSource } from './guard/open-verifier.ts'
import { parseRequirement, type Requirement } from './guard/requirement.ts'
import type { AccessToken } from './token/access-token.ts'

export { type AccessToken, type EndReason, GuardError, type Requirement, type VerifierSource }

/** How connections are looked at, and kept. */
export interface SocketIoGuardOptions extends Pick<GuardOptions, 'realm' | 'revocation'> {
  /** What the token must hold. It is looked at once: a change of roles ends the connection. */
  readonly requires?: Requirement
}

/** Middleware for `io.use` or a namespace's. */
export type SocketIoMiddleware = (
  socket: Socket,
  next: (error?: Error & { data?: { code: string } }) => void,
) => void

/** What the client is told before it is disconnected; its argument is `{ code }`. */
const endedEvent = 'auth:ended'
/** What the client sends with another access token; the acknowledgement is `{ code }` or `{}`. */
const renewEvent = 'auth:renew'
const queryNames = ['access_token', 'token', 'auth', 'jwt']

/**
 * Lets connections with a good access token in, and puts its claims into `socket.data.auth`. The
 * token comes from `auth.token` of the client's options or from `Authorization`, never from the
 * query. Who is refused gets `connect_error` with `data.code`.
 *
 * When the token expires or is revoked, the client is told `auth:ended` and disconnected. It goes on
 * if it sends another token of the same user before: `socket.emit('auth:renew', token, (answer) => …)`.
 *
 * @example
 * io.use(authenticateSockets(verifier, { requires: { role: 'member' } }))
 *
 * @throws {TypeError} Names every option that is wrong.
 */
export function authenticateSockets(
  source: VerifierSource,
  { requires, ...options }: SocketIoGuardOptions = {},
): SocketIoMiddleware {
  const verifier = openVerifier(source)
  const { realm, revocation: policy } = checkGuardOptions(options)
  const rule = requires === undefined ? null : parseRequirement(requires)

  const authenticate = async (socket: Socket): Promise<AccessToken> => {
    const authorization = presentedTokens(socket)
    const token = await authenticateRequest(
      { verifier, realm, policy },
      { method: 'GET', authorization },
    )
    if (rule) authorizeRequest({ rule, realm }, token)
    return token
  }

  return (socket, next) => {
    authenticate(socket).then(
      (token) => {
        keep(socket, token, (onEnd) => watchToken(verifier, token, onEnd))
        next()
      },
      (error: unknown) => next(refusal(error)),
    )
  }
}

function keep(
  socket: Socket,
  token: AccessToken,
  watchUntil: (onEnd: (reason: EndReason) => void) => TokenWatch,
): void {
  setAuth(socket, token)
  const watch = watchUntil((code) => {
    socket.emit(endedEvent, { code })
    socket.disconnect(true)
  })
  socket.on('disconnect', () => watch.stop())
  socket.on(renewEvent, (text: unknown, answer?: unknown) => {
    const acknowledge = typeof answer === 'function' ? (answer as (said: object) => void) : () => {}
    renew(watch, text).then(
      (next) => {
        setAuth(socket, next)
        acknowledge({})
      },
      (error: unknown) => acknowledge({ code: codeOf(error) }),
    )
  })
}

async function renew(watch: TokenWatch, text: unknown): Promise<AccessToken> {
  if (typeof text !== 'string') throw new GuardError('TOKEN_MISSING')
  return await watch.renew(text)
}

function setAuth(socket: Socket, token: AccessToken): void {
  const data = socket.data as { auth?: AccessToken }
  data.auth = token
}

/** As values of `Authorization`. */
function presentedTokens({ handshake }: Socket): readonly string[] {
  if (queryNames.some((name) => handshake.query[name] !== undefined)) {
    throw new GuardError('VALIDATION_FAILED')
  }
  const given: unknown = handshake.auth['token']
  const { authorization } = handshake.headers
  const fromHeader = authorization === undefined ? [] : [authorization]
  return typeof given === 'string' ? [`Bearer ${given}`, ...fromHeader] : fromHeader
}

function refusal(error: unknown): Error & { data: { code: string } } {
  const code = codeOf(error)
  return Object.assign(new Error(code), { data: { code } })
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'UNAVAILABLE'
}
