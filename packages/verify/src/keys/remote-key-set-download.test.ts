import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { download } from './remote-key-set-download.ts'

const limits = { timeoutMs: 2_000, maxBytes: 1_000 }

/** Serves on loopback for the time of one test. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
}

test('a download gives text, ETag and max-age', async () => {
  const uri = await serve((_req, res) => {
    res.writeHead(200, { etag: '"v1"', 'cache-control': 'public, max-age=42' }).end('{"keys":[]}')
  })
  expect(await download(fetch, uri, null, limits)).toEqual({
    text: '{"keys":[]}',
    etag: '"v1"',
    maxAgeSeconds: 42,
  })
})

test.each([
  ['max-age=600', 600],
  ['public,MAX-AGE=600, must-revalidate', 600],
  ['s-max-age=600', undefined],
  ['max-age=-1', undefined],
  ['max-age="600"', undefined],
  ['max-age=6e9', undefined],
])('of `%s` the max-age is %s', async (sent, maxAgeSeconds) => {
  const uri = await serve((_req, res) => {
    res.writeHead(200, { 'cache-control': sent }).end('{"keys":[]}')
  })
  expect(await download(fetch, uri, null, limits)).toMatchObject({ maxAgeSeconds })
})

test('a download that is not modified gives the text that is held', async () => {
  const uri = await serve((req, res) => {
    res.writeHead(req.headers['if-none-match'] === '"v1"' ? 304 : 500).end()
  })
  const held = { text: 'held', etag: '"v1"' }
  expect(await download(fetch, uri, held, limits)).toMatchObject(held)
})

test('a redirect is not followed, and its target hears nothing (lesson 31)', async () => {
  let hits = 0
  const target = await serve((_req, res) => {
    hits += 1
    res.end('{"keys":[]}')
  })
  const uri = await serve((_req, res) => {
    res.writeHead(302, { location: target }).end()
  })
  await expect(download(fetch, uri, null, limits)).rejects.toThrow()
  expect(hits).toBe(0)
})

test('a redirect that another fetch has followed is refused (lesson 31)', async () => {
  const target = await serve((_req, res) => res.end('{"keys":[]}'))
  const uri = await serve((_req, res) => {
    res.writeHead(302, { location: target }).end()
  })
  const following = (url: string, init: RequestInit) => fetch(url, { ...init, redirect: 'follow' })
  await expect(download(following, uri, null, limits)).rejects.toThrow()
})

test('reading stops at the size limit, though no length was announced (lesson 38)', async () => {
  let isCut = false
  const uri = await serve((_req, res) => {
    const writing = setInterval(() => res.write('x'.repeat(200)), 1)
    res.on('close', () => {
      clearInterval(writing)
      isCut = true
    })
  })
  await expect(download(fetch, uri, null, limits)).rejects.toThrow('larger than 1000 bytes')
  await expect.poll(() => isCut).toBe(true)
})

test('an answer as large as the limit is read', async () => {
  const uri = await serve((_req, res) => res.end('x'.repeat(1_000)))
  expect((await download(fetch, uri, null, limits)).text).toHaveLength(1_000)
})

test('an answer that never begins is given up', async () => {
  const uri = await serve(() => {})
  const short = { ...limits, timeoutMs: 50 }
  await expect(download(fetch, uri, null, short)).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('an answer that never ends is given up', async () => {
  const uri = await serve((_req, res) => res.write('{'))
  const short = { ...limits, timeoutMs: 50 }
  await expect(download(fetch, uri, null, short)).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('an answer that breaks off is refused', async () => {
  const uri = await serve((_req, res) => {
    res.writeHead(200, { 'content-length': '100' }).write('{"keys":', () => res.destroy())
  })
  await expect(download(fetch, uri, null, limits)).rejects.toThrow()
})

test('text that is not UTF-8 is refused', async () => {
  const uri = await serve((_req, res) => res.end(Buffer.from([0x22, 0xff, 0x22])))
  await expect(download(fetch, uri, null, limits)).rejects.toThrow(TypeError)
})
