import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier, localRevocations } from '@countersign/verify'
import { authenticateSockets, type SocketIoGuardOptions } from '@countersign/verify/socket-io'
import { createTestIssuer } from '@countersign/verify/testing'
import { Server } from 'socket.io'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import { afterEach, beforeEach, expect, test } from 'vitest'

const issuer = createTestIssuer()
let local: ReturnType<typeof localRevocations>
const running: (() => unknown)[] = []
beforeEach(() => {
  local = localRevocations()
  local.confirm(performance.now())
})
afterEach(async () => {
  for (const stop of running.splice(0).toReversed()) await stop()
})

/** A server that answers `who` with the bearer and the id of the token that counts now. */
async function serve(options?: SocketIoGuardOptions, namespace = '/'): Promise<string> {
  const verifier = createVerifier({ ...issuer.verifierOptions, revocation: local })
  const server = createServer()
  const sockets = new Server(server)
  sockets.of(namespace).use(authenticateSockets(verifier, options))
  sockets.of(namespace).on('connection', (socket) => {
    socket.on('who', (answer: (text: string) => void) => {
      const { sub, jti } = (socket.data as { auth: { sub: string; jti: string } }).auth
      answer(`${sub} ${jti}`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.push(() => sockets.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function open(url: string, options: Partial<ManagerOptions & SocketOptions> = {}): Socket {
  const socket = io(url, { reconnection: false, forceNew: true, ...options })
  running.push(() => socket.close())
  return socket
}

const told = (socket: Socket, event: string) =>
  new Promise<unknown>((resolve) => socket.once(event, resolve))

async function connect(url: string, token = issuer.token()): Promise<Socket> {
  const socket = open(url, { auth: { token } })
  await told(socket, 'connect')
  return socket
}

async function refusalOf(url: string, options?: Partial<ManagerOptions & SocketOptions>) {
  const error = (await told(open(url, options), 'connect_error')) as { data?: { code?: string } }
  return error.data?.code
}

const revoked = { kind: 'session', key: 'session-1', floor: 0, expiresAt: 4_000_000_000 } as const

test('a good token opens a connection, in any namespace', async () => {
  expect(await (await connect(await serve())).emitWithAck('who')).toMatch(/^user-1 /)
  const url = await serve({}, '/chat')
  expect(await (await connect(`${url}/chat`)).emitWithAck('who')).toMatch(/^user-1 /)
})

test('it may come in the header', async () => {
  const extraHeaders = { authorization: `Bearer ${issuer.token()}` }
  const socket = open(await serve(), { extraHeaders })
  await told(socket, 'connect')
  expect(socket.connected).toBe(true)
})

test.each<[string, Partial<ManagerOptions & SocketOptions>, string]>([
  ['no token', {}, 'TOKEN_MISSING'],
  ['a bad token', { auth: { token: 'a.b.c' } }, 'TOKEN_INVALID'],
  ['a token that is no text', { auth: { token: { a: 1 } } }, 'TOKEN_MISSING'],
  ['a token in the query', { query: { token: issuer.token() } }, 'VALIDATION_FAILED'],
  [
    'two tokens',
    { auth: { token: issuer.token() }, extraHeaders: { authorization: 'Bearer a.b.c' } },
    'VALIDATION_FAILED',
  ],
])('%s opens nothing', async (_, options, code) => {
  expect(await refusalOf(await serve(), options)).toBe(code)
})

test('what is required must be in the token', async () => {
  const url = await serve({ requires: { role: 'admin' } })
  expect(await refusalOf(url, { auth: { token: issuer.token() } })).toBe('FORBIDDEN')
  await connect(url, issuer.token({ roles: ['admin'] }))
})

test('a revoked token opens nothing', async () => {
  local.merge([revoked])
  expect(await refusalOf(await serve(), { auth: { token: issuer.token() } })).toBe('TOKEN_REVOKED')
})

test('a revocation ends the connection within a second, and the client is told why', async () => {
  const socket = await connect(await serve())
  const [ended, disconnected] = [told(socket, 'auth:ended'), told(socket, 'disconnect')]
  const startedAt = performance.now()
  local.merge([revoked])
  expect(await ended).toEqual({ code: 'TOKEN_REVOKED' })
  await disconnected
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

test('so does the end of the token', async () => {
  const token = issuer.token({ exp: Math.ceil(Date.now() / 1000) + 1 })
  const socket = await connect(await serve(), token)
  expect(await told(socket, 'auth:ended')).toEqual({ code: 'TOKEN_EXPIRED' })
})

test('another token of the same user goes on, and no other', async () => {
  const socket = await connect(await serve())
  const renew = (token: unknown) => socket.emitWithAck('auth:renew', token) as Promise<unknown>
  expect(await renew(issuer.token({ sub: 'user-2' }))).toEqual({ code: 'TOKEN_INVALID' })
  expect(await renew(7)).toEqual({ code: 'TOKEN_MISSING' })
  expect(await renew(issuer.token({ jti: 'second' }))).toEqual({})
  expect(await socket.emitWithAck('who')).toBe('user-1 second')
})
