import { expect, test } from 'vitest'
import type { Endpoint } from './endpoint.ts'
import { createRoutes } from './routes.ts'

function endpoint(
  method: Endpoint<null, null>['method'],
  path: string,
  root?: true,
): Endpoint<null, null> {
  return {
    method,
    path,
    ...(root && { root }),
    summary: '',
    tag: '',
    access: 'public',
    success: [],
    errors: [],
    respond: async () => new Response(),
  }
}

const find = createRoutes(
  [
    endpoint('GET', '/sessions'),
    endpoint('DELETE', '/sessions'),
    endpoint('DELETE', '/sessions/:id'),
    endpoint('GET', '/healthz', true),
  ],
  '/api/auth',
)

test('a path with a parameter is found', () => {
  expect(find('DELETE', '/api/auth/sessions/ses_1')).toMatchObject({
    endpoint: { path: '/sessions/:id' },
    params: { id: 'ses_1' },
  })
})

test('HEAD is answered as GET', () => {
  expect(find('HEAD', '/healthz').endpoint.path).toBe('/healthz')
})

test('another method is refused with the ones there are', () => {
  expect(() => find('POST', '/api/auth/sessions')).toThrow(
    expect.objectContaining({ code: 'METHOD_NOT_ALLOWED', headers: { allow: 'GET, DELETE' } }),
  )
})

test.each([
  '/api/auth/sessions/',
  '/api/auth//sessions',
  '//api/auth/sessions',
  '/API/auth/sessions',
  '/api/auth/Sessions',
  '/api/auth/%73essions',
  '/api/auth/sessions;x=1',
  '/api/auth/sessions%2f',
  '/api/auth/sessions/a/b',
  '/api/auth/sessions/%00',
  '/sessions',
  '/api/auth',
  '/',
])('%s is no spelling of a path (lessons 16, 20)', (pathname) => {
  expect(() => find('GET', pathname)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
})
