import { expect, test } from 'vitest'
import { readBearer } from './bearer.ts'

const read = (...values: string[]) => readBearer(values, 'api')

test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme may be written %s', (scheme) => {
  expect(read(`${scheme} a.b.c`)).toBe('a.b.c')
})

test('any number of spaces may stand before the token', () => {
  expect(read('Bearer   a.b.c')).toBe('a.b.c')
})

test.each([
  ['no header', []],
  ['an empty header', ['']],
  ['another scheme', ['Basic dXNlcjpwYXNz']],
  ['a scheme that only begins alike', ['BearerToken a.b.c']],
  ['a scheme that is bound by a tab', ['Bearer\ta.b.c']],
  ['a token without a scheme', ['a.b.c']],
  ['another scheme with a token behind it', ['Basic Bearer a.b.c']],
])('%s is no credentials, and no error is named', (_, values) => {
  expect(() => readBearer(values, 'api')).toThrow(
    expect.objectContaining({
      code: 'TOKEN_MISSING',
      status: 401,
      headers: expect.objectContaining({ 'WWW-Authenticate': 'Bearer realm="api"' }),
    }),
  )
})

test.each([
  ['two headers', ['Bearer a.b.c', 'Bearer a.b.c']],
  ['a second header of another scheme', ['Bearer a.b.c', 'Basic dXNlcjpwYXNz']],
  ['two headers that were joined', ['Bearer a.b.c, Bearer d.e.f']],
  ['two joined without a space', ['Bearer a.b.c,d.e.f']],
  ['two tokens', ['Bearer a.b.c d.e.f']],
  ['a space behind the token', ['Bearer a.b.c ']],
  ['a scheme alone', ['Bearer']],
  ['a scheme and a space', ['Bearer ']],
])('%s are malformed (RFC 6750 §3.1)', (_, values) => {
  expect(() => readBearer(values, 'api')).toThrow(
    expect.objectContaining({
      code: 'VALIDATION_FAILED',
      status: 400,
      headers: expect.objectContaining({
        'WWW-Authenticate': 'Bearer realm="api", error="invalid_request"',
      }),
    }),
  )
})
