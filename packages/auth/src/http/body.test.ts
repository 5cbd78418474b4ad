import { expect, test } from 'vitest'
import { readJsonBody } from './body.ts'

const maxBodyBytes = 64 * 1024

function request(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
): Request {
  return new Request('http://localhost/', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  })
}

function streamOf(...chunks: Uint8Array[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}

test('a JSON body is read', async () => {
  expect(await readJsonBody(request('{"a":[1,"ü"]}'))).toEqual({ a: [1, 'ü'] })
})

test('no body reads as an empty object', async () => {
  expect(await readJsonBody(new Request('http://localhost/', { method: 'POST' }))).toEqual({})
})

test.each([
  ['application/json'],
  ['application/json; charset=utf-8'],
  ['Application/JSON;charset="UTF-8"'],
])('content type %j is taken', async (contentType) => {
  expect(await readJsonBody(request('{}', { 'content-type': contentType }))).toEqual({})
})

test.each([
  ['text/plain'],
  ['application/x-www-form-urlencoded'],
  ['application/json, text/plain'],
  ['application/jsonx'],
  ['application/json; charset=utf-16'],
  ['application/problem+json'],
  ['multipart/form-data; boundary=x'],
])('content type %j is refused (lesson 20)', async (contentType) => {
  await expect(readJsonBody(request('{}', { 'content-type': contentType }))).rejects.toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
  })
})

test('a body without a content type is refused: a form could send it (lesson 21)', async () => {
  const bare = new Request('http://localhost/', {
    method: 'POST',
    body: new Uint8Array([123, 125]),
  })
  bare.headers.delete('content-type')
  await expect(readJsonBody(bare)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' })
})

test.each([
  ['nothing but a brace', '{'],
  ['a trailing comma', '{"a":1,}'],
  ['two values', '{}{}'],
  ['NaN', 'NaN'],
  ['a byte order mark', '\ufeff{}'],
])('%s is not JSON', async (_name, text) => {
  await expect(readJsonBody(request(text))).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    errors: [{ code: 'INVALID_JSON' }],
  })
})

test('invalid UTF-8 is refused, not replaced', async () => {
  const bytes = new Uint8Array([0x22, 0xc3, 0x28, 0x22])
  await expect(readJsonBody(request(bytes))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
})

test('a body over the limit is refused by what arrives, whatever length it declares (lesson 38)', async () => {
  const half = new Uint8Array(maxBodyBytes / 2 + 1).fill(0x20)
  await expect(readJsonBody(request(streamOf(half, half)))).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
  })
})

test('a declared length over the limit is refused before anything is read (lesson 38)', async () => {
  const headers = { 'content-length': String(maxBodyBytes + 1) }
  await expect(readJsonBody(request('{}', headers))).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
  })
})

test('a body of exactly the limit is read', async () => {
  const text = JSON.stringify('x'.repeat(maxBodyBytes - 2))
  expect(await readJsonBody(request(text))).toHaveLength(maxBodyBytes - 2)
})

test('a body that breaks off is the caller’s fault', async () => {
  const broken = new ReadableStream({
    pull() {
      throw new Error('reset')
    },
  })
  await expect(readJsonBody(request(broken))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
})
