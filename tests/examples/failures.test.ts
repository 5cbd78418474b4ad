import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runToEnd } from './run-example.ts'

let other: Server
let port: string

beforeAll(async () => {
  other = createServer().listen(0)
  await once(other, 'listening')
  port = String((other.address() as AddressInfo).port)
})

afterAll(() => {
  other.close()
})

// `app.listen` of Express 5 hands this error to the callback that says "listening".
test.each(['express.ts', 'common-js.cjs', 'other-issuer.ts', 'two-services/orders.ts'])(
  'examples/%s fails where another program listens already',
  async (name) => {
    const { code, said } = await runToEnd([`examples/${name}`], {
      PORT: port,
      DATABASE_URL: 'sqlite::memory:',
      ISSUER: 'https://login.example.com',
      AUDIENCE: 'https://api.example.com',
      JWKS_URI: 'https://login.example.com/jwks',
    })
    expect([code, said]).toEqual([1, expect.stringContaining('EADDRINUSE')])
  },
)

test('an example nobody knows is answered with those there are', async () => {
  const { code, said } = await runToEnd(['scripts/example.mjs', 'nest'])
  expect([code, said]).toEqual([
    1,
    'There is no example called "nest". There are: common-js, express, fastify, hono, node, other-issuer, revocation, two-services.\n',
  ])
})
