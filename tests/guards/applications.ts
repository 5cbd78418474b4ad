import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AccessToken, GuardError, type Verifier } from '@countersign/verify'
import * as forExpress from '@countersign/verify/express'
import * as forFastify from '@countersign/verify/fastify'
import * as forHono from '@countersign/verify/hono'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'

export interface Sent {
  readonly path: string
  readonly method?: string
  /** Sent as they stand, twice where they stand twice. */
  readonly headers?: readonly (readonly [string, string])[]
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/**
 * One and the same application in each framework. Its handlers answer `user` and the subject,
 * its error handler with what {@link describeError} says.
 *
 * - `/me` needs a token, `/realm` names another realm
 * - each of {@link requirements}, and once more below `/forward`, where errors are forwarded
 * - `/spoofed` needs a role; something before the guard has put a token with it into the request
 * - `/alone` has `authorize` without `authenticate`
 */
export interface Application {
  start(): Promise<void>
  stop(): Promise<void>
  send(request: Sent): Promise<Answer>
}

const requirements = {
  '/role': { role: 'admin' },
  '/any-role': { role: { anyOf: ['admin', 'editor'] } },
  '/permissions': { permission: ['reports:read', 'reports:write'] },
  '/scopes': { scope: ['reports:read', 'reports:write'] },
} as const

const forward = { onError: 'forward' } as const

function describeError(error: unknown): {
  status: number
  body: string
  headers: Readonly<Record<string, string>>
} {
  if (!(error instanceof GuardError)) return { status: 500, body: 'failed', headers: {} }
  return { status: error.status, body: `handled ${error.code}`, headers: error.headers }
}

export function expressApplication(verifier: Verifier, spoofed: AccessToken): Application {
  const { authenticate, authorize } = forExpress
  const app = express()
  const guard = authenticate(verifier)
  const answer: RequestHandler = (req, res) => {
    res.send(`user ${req.auth.sub}`)
  }
  const spoof: RequestHandler = (req, _res, next) => {
    req.auth = spoofed
    next()
  }
  const answerError: ErrorRequestHandler = (error, _req, res, _next) => {
    const { status, body, headers } = describeError(error)
    res.status(status).set(headers).send(body)
  }
  app.all('/me', guard, answer)
  app.all('/realm', authenticate(verifier, { realm: 'books' }), answer)
  app.all('/spoofed', spoof, guard, authorize({ role: 'admin' }), answer)
  app.all('/alone', authorize({ role: 'admin' }), answer)
  const forwarding = authenticate(verifier, forward)
  for (const [path, requirement] of Object.entries(requirements)) {
    app.all(path, guard, authorize(requirement), answer)
    app.all(`/forward${path}`, forwarding, authorize(requirement, forward), answer)
  }
  app.use(answerError)

  const server = createServer(app)
  return {
    start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    send: (request) => sendTo((server.address() as AddressInfo).port, request),
  }
}

export function fastifyApplication(verifier: Verifier, spoofed: AccessToken): Application {
  const { authenticate, authorize } = forFastify
  const app = Fastify()
  const guard = authenticate(verifier)
  const spoof: forFastify.GuardHook = (request, _reply, done) => {
    request.auth = spoofed
    done()
  }
  const add = (url: string, ...preHandler: forFastify.GuardHook[]) =>
    app.route({
      method: ['GET', 'DELETE', 'OPTIONS'],
      url,
      preHandler,
      handler: async (request) => `user ${request.auth.sub}`,
    })
  // Takes its time before an answer goes out: meanwhile a refused request must not go on.
  app.addHook('onSend', async () => {
    await new Promise((resolve) => setImmediate(resolve))
  })
  app.setErrorHandler((error, _request, reply) => {
    const { status, body, headers } = describeError(error)
    return reply.code(status).headers(headers).send(body)
  })
  add('/me', guard)
  add('/realm', authenticate(verifier, { realm: 'books' }))
  add('/spoofed', spoof, guard, authorize({ role: 'admin' }))
  add('/alone', authorize({ role: 'admin' }))
  const forwarding = authenticate(verifier, forward)
  for (const [path, requirement] of Object.entries(requirements)) {
    add(path, guard, authorize(requirement))
    add(`/forward${path}`, forwarding, authorize(requirement, forward))
  }

  return {
    start: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 })
    },
    stop: () => app.close(),
    send: (request) => sendTo((app.server.address() as AddressInfo).port, request),
  }
}

export function honoApplication(verifier: Verifier, spoofed: AccessToken): Application {
  const { authenticate, authorize } = forHono
  const app = new Hono<forHono.AuthEnv>()
  const guard = authenticate(verifier)
  app.onError((error) => {
    const cause = error instanceof HTTPException ? error.cause : error
    const { status, body, headers } = describeError(cause)
    return new Response(body, { status, headers })
  })
  app.all('/me', guard, (c) => c.text(`user ${c.var.auth.sub}`))
  app.all('/realm', authenticate(verifier, { realm: 'books' }), (c) => c.text('user'))
  app.use('/spoofed', async (c, next) => {
    c.set('auth', spoofed)
    await next()
  })
  app.all('/spoofed', guard, authorize({ role: 'admin' }), (c) => c.text('user'))
  app.all('/alone', authorize({ role: 'admin' }), (c) => c.text('user'))
  const forwarding = authenticate(verifier, forward)
  for (const [path, requirement] of Object.entries(requirements)) {
    app.all(path, guard, authorize(requirement), (c) => c.text(`user ${c.var.auth.sub}`))
    app.all(`/forward${path}`, forwarding, authorize(requirement, forward), (c) =>
      c.text(`user ${c.get('auth').sub}`),
    )
  }

  return {
    start: async () => {},
    stop: async () => {},
    send: async ({ path, method = 'GET', headers = [] }) => {
      const sent = new Headers()
      for (const [name, value] of headers) sent.append(name, value)
      const url = `http://api.example${path}`
      const response = await app.request(new Request(url, { method, headers: sent }))
      const { status } = response
      const body = await response.text()
      return { status, body, headers: Object.fromEntries(response.headers) }
    },
  }
}

/** Sends a request over a socket, its headers and path byte for byte as given. */
function sendTo(port: number, { path, method = 'GET', headers = [] }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: ['Host', `127.0.0.1:${port}`, ...headers.flat()],
      agent: false,
    })
    request.on('error', reject)
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
    })
    request.end()
  })
}
