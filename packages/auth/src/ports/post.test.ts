import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { systemPost } from './post.ts'

const request = { headers: {}, body: 'x', timeoutMs: 1000 }

test.each([
  'http://169.254.169.254/latest/meta-data',
  'http://[fe80::1]/',
  'http://[::ffff:169.254.169.254]/',
])('nothing is posted to %s', async (url) => {
  await expect(systemPost({ ...request, url })).rejects.toThrow('nothing is posted to')
})

test('a redirect is an answer like any other', async () => {
  const server = createServer((_, response) => {
    response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end('elsewhere')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`
  expect(await systemPost({ ...request, url })).toEqual({ status: 307, text: 'elsewhere' })
  server.close()
  server.closeAllConnections()
})

test('who does not answer in time is not waited for, and of a long answer the beginning is kept', async () => {
  const server = createServer((incoming, response) => {
    if (incoming.url === '/long') response.end('y'.repeat(100_000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect((await systemPost({ ...request, url: `${base}/long` })).text).toHaveLength(4096)
  await expect(systemPost({ ...request, url: `${base}/`, timeoutMs: 50 })).rejects.toThrow()
  server.close()
  server.closeAllConnections()
})
