import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Auth } from 'countersign'
import { mount as mountInExpress } from 'countersign/express'
import { mount as mountInFastify } from 'countersign/fastify'
import { mount as mountInHono } from 'countersign/hono'
import { nodeHandler } from 'countersign/node'
import express, { type Express } from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'

/** A way to serve an authority. */
export interface Mount {
  readonly name: string
  /** Answers every request; the others leave to their application what is not the authority's. */
  readonly answersAll: boolean
  /** A parser in front reads JSON bodies, and refuses bad ones in its own words. */
  readonly parsesJson: boolean
  /** The framework refuses paths and media types that are malformed, in its own words. */
  readonly refusesMalformed?: true
  serve(auth: Auth): Promise<Serving>
}

export interface Serving {
  readonly port: number
  close(): Promise<void>
}

export const bare: Mount = {
  name: 'node:http',
  answersAll: true,
  parsesJson: false,
  serve(auth) {
    const handle = nodeHandler(auth)
    return listen(createServer((request, response) => void handle(request, response)))
  },
}

const inExpress: Mount = {
  name: 'Express',
  answersAll: false,
  parsesJson: false,
  serve: (auth) => listen(createServer(quietExpress().use(mountInExpress(auth)))),
}

const behindParser: Mount = {
  name: 'Express behind express.json()',
  answersAll: false,
  parsesJson: true,
  serve: (auth) =>
    listen(createServer(quietExpress().use(express.json()).use(mountInExpress(auth)))),
}

const inFastify: Mount = {
  name: 'Fastify',
  answersAll: false,
  parsesJson: false,
  refusesMalformed: true,
  async serve(auth) {
    const app = Fastify()
    await app.register(mountInFastify(auth))
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    return { port, close: () => app.close() }
  },
}

const inHono: Mount = {
  name: 'Hono',
  answersAll: false,
  parsesJson: false,
  serve(auth) {
    const app = new Hono().use(mountInHono(auth))
    return listen(createAdaptorServer({ fetch: app.fetch }) as Server)
  },
}

export const mounts: readonly Mount[] = [bare, inExpress, behindParser, inFastify, inHono]

// In the environment `test`, Express answers errors without printing them.
function quietExpress(): Express {
  return express().set('env', 'test').disable('x-powered-by')
}

function listen(server: Server): Promise<Serving> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({ port, close: () => closed(server) })
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
