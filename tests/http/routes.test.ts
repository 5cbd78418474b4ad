import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Authority,
  basePath,
  type CallAuthority,
  everything,
  openAuthority,
} from './authority.ts'
import { contractOf } from './contract.ts'
import { mounts } from './mounts.ts'
import { signUpAdmin } from './people.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

describe.each(mounts)('$name:', (mount) => {
  let authority: Authority
  let call: CallAuthority
  let token: string

  beforeAll(async () => {
    authority = await openAuthority({ mount, ...everything })
    call = authority.from()
    token = (await signUpAdmin(authority, call)).accessToken
  })
  afterAll(() => authority.close())

  test('every path answers the methods that are listed, and 405 with these to any other (lesson 20)', async () => {
    const { paths } = contractOf(authority.deps.settings).document
    const served = Object.entries(paths).filter(([path]) => mount.answersAll || isOwned(path))
    expect(served.length).toBeGreaterThan(15)
    for (const [path, operations] of served) {
      const listed = Object.keys(operations).map((method) => method.toUpperCase())
      const known = listed.includes('GET') ? [...listed, 'HEAD'] : listed
      const line = `~${path.replaceAll(/\{\w+\}/g, 'nobody')}`
      for (const method of methods.filter((method) => !known.includes(method))) {
        const answer = await call(`${method} ${line}`, { token })
        expect(answer.status, `${method} ${path}`).toBe(405)
        const allowed = String(answer.headers.allow).split(', ')
        expect(allowed.toSorted(), `${method} ${path}`).toEqual(listed.toSorted())
      }
    }
  })

  test('every endpoint that asks who calls refuses a stranger, and no other does (lesson 20)', async () => {
    const { paths } = contractOf(authority.deps.settings).document
    for (const [path, operations] of Object.entries(paths)) {
      if (!mount.answersAll && !isOwned(path)) continue
      for (const [method, { security }] of Object.entries(operations)) {
        const line = `${method.toUpperCase()} ~${path.replaceAll(/\{\w+\}/g, 'nobody')}`
        const { status, body } = await call(line)
        const { code, error } = (body ?? {}) as { code?: string; error?: string }
        const asks = ['TOKEN_MISSING', 'CLIENT_INVALID', 'invalid_client']
        const isAsked = status === 401 && asks.includes(code ?? error ?? '')
        expect(isAsked, line).toBe(security.length > 0)
      }
    }
  })

  test.each([
    `${basePath}/`,
    basePath,
    `${basePath}/nothing`,
    `${basePath}/admin`,
    `${basePath}/login/`,
    `${basePath}/login/x`,
    `${basePath}x/login`,
    `${basePath}/.env`,
    '/login',
    '/.well-known/openid-configuration',
    '/.well-known/jwks',
    '/.git/config',
  ])('there is nothing at %s', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect((await call(`${method} ~${path}`, { token })).status).toBe(404)
    }
  })
})

function isOwned(path: string): boolean {
  return path.startsWith(`${basePath}/`) || path.startsWith('/.well-known/')
}
