import { expect, test } from 'vitest'
import { authorizationOf } from './node-authorization.ts'

test('a header is found', () => {
  const rawHeaders = ['Host', 'api.example', 'Authorization', 'Bearer a']
  expect(authorizationOf({ headers: { authorization: 'Bearer a' }, rawHeaders })).toEqual([
    'Bearer a',
  ])
})

test('a header whose value is the name of another is not mistaken for it', () => {
  const rawHeaders = ['X-Note', 'Authorization', 'Authorization', 'Bearer a']
  expect(authorizationOf({ headers: { authorization: 'Bearer a' }, rawHeaders })).toEqual([
    'Bearer a',
  ])
})

test('a header that Node has dropped is found (lesson 25)', () => {
  const rawHeaders = ['Authorization', 'Bearer a', 'AUTHORIZATION', 'Bearer b']
  expect(authorizationOf({ headers: { authorization: 'Bearer a' }, rawHeaders })).toEqual([
    'Bearer a',
    'Bearer b',
  ])
})

test('a header that was taken away before is not brought back', () => {
  expect(authorizationOf({ headers: {}, rawHeaders: ['Authorization', 'Bearer a'] })).toEqual([])
})

test('a request without raw headers is read from its parsed ones', () => {
  expect(authorizationOf({ headers: { authorization: 'Bearer a' }, rawHeaders: [] })).toEqual([
    'Bearer a',
  ])
})
