import { expect, test } from 'vitest'
import { AuthError } from '../base/errors.ts'
import { problemResponse } from './problem.ts'

test('a 503 says when to try again, whether or not its cause knows', () => {
  const cause = { cause: new Error('the database is gone') }
  expect(problemResponse(new AuthError('UNAVAILABLE', cause)).headers.get('retry-after')).toBe('5')
  const known = new AuthError('UNAVAILABLE', { retryAfterSeconds: 0.2 })
  expect(problemResponse(known).headers.get('retry-after')).toBe('1')
})

test('what an error carries for the log is not in its answer', async () => {
  const error = new AuthError('FORBIDDEN', { detail: 'users:read is missing', cause: 'inner' })
  const text = await problemResponse(error, 'id-1').text()
  expect(JSON.parse(text)).toEqual({
    type: 'urn:countersign:problem:forbidden',
    title: 'You are not allowed to do this.',
    status: 403,
    code: 'FORBIDDEN',
    requestId: 'id-1',
  })
})
