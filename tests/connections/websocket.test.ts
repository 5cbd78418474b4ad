import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVerifier, localRevocations, type RevocationSource } from '@countersign/verify'
import { createTestIssuer } from '@countersign/verify/testing'
import {
  type AuthenticatedRequest,
  authenticateUpgrades,
  renewToken,
  type SocketGuardOptions,
  tokenOf,
} from '@countersign/verify/websocket'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'

const issuer = createTestIssuer()
let local: ReturnType<typeof localRevocations>
const running: (() => void)[] = []
beforeEach(() => {
  local = localRevocations()
  local.confirm(performance.now())
})
afterEach(() => {
  for (const stop of running.splice(0)) stop()
})

/** A server that says who connected, renews with `renew <token>`, and sends back all else. */
async function serve(options?: SocketGuardOptions, revocation: RevocationSource = local) {
  const verifier = createVerifier({ ...issuer.verifierOptions, revocation })
  const server: Server = createServer()
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', authenticateUpgrades(sockets, verifier, options))
  const heard: string[] = []
  sockets.on('connection', (socket, request) => {
    socket.send(`you are ${(request as AuthenticatedRequest).auth.sub}`)
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      heard.push(text)
      if (!text.startsWith('renew ')) {
        socket.send(`${tokenOf(socket)?.jti} ${text}`)
        return
      }
      renewToken(socket, text.slice(6)).then(
        () => socket.send('renewed'),
        (error: { code: string }) => socket.send(error.code),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.push(() => {
    sockets.close()
    for (const socket of sockets.clients) socket.terminate()
    server.closeAllConnections()
    server.close()
  })
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, heard }
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** A connection, and what came over it. */
async function connect(url: string, token = issuer.token()) {
  const socket = new WebSocket(url, bearer(token))
  const closed = once(socket, 'close') as Promise<[code: number, reason: Buffer]>
  const [greeting] = (await once(socket, 'message')) as [Buffer]
  return { socket, closed, greeting: greeting.toString() }
}

/** The answer to a handshake that is refused. */
function refusalOf(url: string, options: { protocols?: string[]; headers?: object } = {}) {
  return new Promise<{ status: number; code: string; challenge: string | undefined }>(
    (resolve, reject) => {
      const socket = new WebSocket(url, options.protocols ?? [], { headers: options.headers } as {
        headers: Record<string, string>
      })
      socket.on('open', () => reject(new Error('The handshake was accepted.')))
      socket.on('error', () => {})
      socket.on('unexpected-response', (_, response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        response.on('end', () => {
          const { code } = JSON.parse(text) as { code: string }
          const challenge = response.headers['www-authenticate']
          resolve({ status: response.statusCode ?? 0, code, challenge })
        })
      })
    },
  )
}

describe('a handshake', () => {
  test('with a good token in its header becomes a connection of its bearer', async () => {
    const { url } = await serve()
    expect((await connect(url)).greeting).toBe('you are user-1')
  })

  test('may carry it as a subprotocol, which the answer does not repeat', async () => {
    const { url } = await serve()
    const protocols = ['chat', `countersign.bearer.${issuer.token()}`]
    const socket = new WebSocket(url, protocols)
    const [greeting] = (await once(socket, 'message')) as [Buffer]
    expect([greeting.toString(), socket.protocol]).toEqual(['you are user-1', 'chat'])
  })

  test.each<[string, string, Parameters<typeof refusalOf>[1], number, string]>([
    ['without a token', '', {}, 401, 'TOKEN_MISSING'],
    ['with a bad token', '', bearer('a.b.c'), 401, 'TOKEN_INVALID'],
    ['with a token in the query', `?token=${issuer.token()}`, {}, 400, 'VALIDATION_FAILED'],
    [
      'with a token in the query and the header',
      '?access_token=x',
      bearer(issuer.token()),
      400,
      'VALIDATION_FAILED',
    ],
    [
      'with a token as its only subprotocol',
      '',
      { protocols: [`countersign.bearer.${issuer.token()}`] },
      400,
      'VALIDATION_FAILED',
    ],
    [
      'with a token in two places',
      '',
      { protocols: ['chat', `countersign.bearer.${issuer.token()}`], ...bearer(issuer.token()) },
      400,
      'VALIDATION_FAILED',
    ],
  ])('%s is refused as a request would be', async (_, query, options, status, code) => {
    const { url } = await serve()
    expect(await refusalOf(url + query, options)).toMatchObject({ status, code })
  })

  test('of a revoked session is refused', async () => {
    const { url } = await serve()
    local.merge([{ kind: 'session', key: 'session-1', floor: 0, expiresAt: 4_000_000_000 }])
    expect(await refusalOf(url, bearer(issuer.token()))).toMatchObject({ code: 'TOKEN_REVOKED' })
  })

  test('that lacks what is required is refused', async () => {
    const { url } = await serve({ requires: { role: 'admin' } })
    expect(await refusalOf(url, bearer(issuer.token()))).toMatchObject({ status: 403 })
    const { greeting } = await connect(url, issuer.token({ roles: ['admin'] }))
    expect(greeting).toBe('you are user-1')
  })

  test('while nothing is known of revocations is put off', async () => {
    const { url } = await serve({}, localRevocations())
    expect(await refusalOf(url, bearer(issuer.token()))).toMatchObject({
      status: 503,
      code: 'REVOCATION_STATE_STALE',
    })
  })
})

describe('a connection', () => {
  test('is closed within a second of a revocation, and says why', async () => {
    const { url } = await serve()
    const { closed } = await connect(url)
    const revokedAt = performance.now()
    local.merge([{ kind: 'user', key: 'user-1', floor: 1, expiresAt: 4_000_000_000 }])
    const [code, reason] = await closed
    expect([code, reason.toString()]).toEqual([4401, 'TOKEN_REVOKED'])
    expect(performance.now() - revokedAt).toBeLessThan(1000)
  })

  test('is closed when its token expires', async () => {
    const { url } = await serve()
    const { closed } = await connect(url, issuer.token({ exp: Math.ceil(Date.now() / 1000) }))
    const [code, reason] = await closed
    expect([code, reason.toString()]).toEqual([4401, 'TOKEN_EXPIRED'])
  })

  test('delivers nothing more once its token is revoked, whatever the peer sends', async () => {
    const { url, heard } = await serve()
    const { socket, closed } = await connect(url)
    local.merge([{ kind: 'session', key: 'session-1', floor: 0, expiresAt: 4_000_000_000 }])
    socket.send('one more thing')
    await closed
    expect(heard).toEqual([])
  })

  test('of a peer that does not close is cut', async () => {
    const { url } = await serve()
    const { socket, closed } = await connect(url)
    socket.pause()
    local.merge([{ kind: 'session', key: 'session-1', floor: 0, expiresAt: 4_000_000_000 }])
    const startedAt = performance.now()
    setTimeout(() => socket.resume(), 1500)
    await closed
    expect(performance.now() - startedAt).toBeLessThan(4000)
  })

  test('of somebody else stays', async () => {
    const { url } = await serve()
    const { socket } = await connect(url, issuer.token({ sid: 'session-2', sub: 'user-2' }))
    local.merge([{ kind: 'session', key: 'session-1', floor: 0, expiresAt: 4_000_000_000 }])
    socket.send('still here')
    const [echo] = (await once(socket, 'message')) as [Buffer]
    expect(echo.toString()).toMatch(/ still here$/)
  })

  test('goes on with another token of the same user, and with no other', async () => {
    const { url } = await serve()
    const { socket } = await connect(url)
    const say = async (text: string) => {
      socket.send(text)
      return ((await once(socket, 'message')) as [Buffer])[0].toString()
    }
    expect(await say(`renew ${issuer.token({ sub: 'user-2' })}`)).toBe('TOKEN_INVALID')
    expect(await say(`renew ${issuer.token({ jti: 'second' })}`)).toBe('renewed')
    expect(await say('hello')).toBe('second hello')
  })
})
