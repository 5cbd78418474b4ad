import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as forExpress from '@countersign/verify/express'
import * as forFastify from '@countersign/verify/fastify'
import * as forHono from '@countersign/verify/hono'
import express from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'

// An application that forwards errors and has no error handler of its own: the framework's
// knows `status` and `headers`.

const options = { issuer: 'https://issuer.example', audience: 'https://api.example' }
const forward = { onError: 'forward' } as const

const unauthorized = {
  status: 401,
  challenge: 'Bearer realm="api"',
}

function outcome(response: Response): typeof unauthorized {
  return { status: response.status, challenge: response.headers.get('www-authenticate') ?? '' }
}

test('Express answers a forwarded error by itself', async () => {
  const app = express().set('env', 'test')
  app.get('/me', forExpress.authenticate(options, forward))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  expect(outcome(await fetch(`http://127.0.0.1:${port}/me`))).toEqual(unauthorized)
})

test('Fastify answers a forwarded error by itself', async () => {
  const app = Fastify()
  app.get('/me', { preHandler: forFastify.authenticate(options, forward) }, () => 'in')
  const response = await app.inject('/me')
  expect({
    status: response.statusCode,
    challenge: response.headers['www-authenticate'],
  }).toEqual(unauthorized)
})

test('Hono answers a forwarded error by itself', async () => {
  const app = new Hono()
  app.get('/me', forHono.authenticate(options, forward), (c) => c.text('in'))
  expect(outcome(await app.request('/me'))).toEqual(unauthorized)
})
