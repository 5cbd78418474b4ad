import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Authority, basePath, everything, openAuthority } from './authority.ts'
import type { OpenApi, Operation } from './contract.ts'

let authority: Authority
let document: OpenApi

beforeAll(async () => {
  authority = await openAuthority(everything)
  document = (await authority.from()('GET /openapi.json')).body as OpenApi
})
afterAll(() => authority.close())

/** What others rely on: method and path, from the root. */
const promised = [
  `POST ${basePath}/register`,
  `POST ${basePath}/login`,
  `POST ${basePath}/refresh`,
  `POST ${basePath}/logout`,
  `GET ${basePath}/profile`,
  `PATCH ${basePath}/profile`,
  `DELETE ${basePath}/profile`,
  `GET ${basePath}/sessions`,
  `DELETE ${basePath}/sessions/{id}`,
  `DELETE ${basePath}/sessions`,
  `POST ${basePath}/password/change`,
  `GET ${basePath}/admin/users`,
  `GET ${basePath}/admin/users/{id}`,
  `PATCH ${basePath}/admin/users/{id}`,
  `DELETE ${basePath}/admin/users/{id}`,
  `GET ${basePath}/admin/users/{id}/sessions`,
  `DELETE ${basePath}/admin/users/{id}/sessions`,
  `GET ${basePath}/admin/roles`,
  `GET ${basePath}/admin/roles/{name}`,
  `PUT ${basePath}/admin/roles/{name}`,
  `DELETE ${basePath}/admin/roles/{name}`,
  `GET ${basePath}/admin/keys`,
  `POST ${basePath}/admin/keys/rotate`,
  'GET /.well-known/jwks.json',
  'GET /.well-known/oauth-authorization-server',
  'GET /healthz',
  'GET /readyz',
]

function operations(): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  )
}

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(structuredClone(document) as never)
  expect(result.errors ?? []).toEqual([])
  expect([result.valid, validator.version]).toEqual([true, '3.1'])
})

test('it holds every endpoint that is promised', () => {
  expect(operations().map(([line]) => line)).toEqual(expect.arrayContaining(promised))
})

test('whoever asks for a token says so, and what it answers without one', () => {
  for (const [line, { security, responses }] of operations()) {
    expect(responses['401'] !== undefined || security.length === 0, line).toBe(true)
  }
})

test('no two operations have one id', () => {
  const ids = operations().map(
    ([, operation]) => (operation as { operationId?: string }).operationId,
  )
  expect(new Set(ids).size).toBe(ids.length)
})

test('no body accepts members that are not listed', () => {
  for (const [line, { requestBody }] of operations()) {
    const schema = requestBody?.content['application/json']?.schema
    // Receivers of events may say more than is known (OpenID SSF 1.0 §8.1.1).
    if (schema && !line.includes('/ssf/'))
      expect(schema, line).toMatchObject({ additionalProperties: false })
  }
})
