import { describe, expect, test } from 'vitest'
import type { AccessToken } from '../token/access-token.ts'
import { isMet, parseRequirement, type Requirement } from './requirement.ts'

function tokenWith(claims: Record<string, unknown>): AccessToken {
  return { iss: 'https://issuer.example', sub: 'user', aud: 'api', exp: 2, iat: 1, ...claims }
}

const meets = (requirement: Requirement, claims: Record<string, unknown>) =>
  isMet(parseRequirement(requirement), tokenWith(claims))

describe('a requirement', () => {
  test.each<[Requirement, Record<string, unknown>]>([
    [{ role: 'admin' }, { roles: ['user', 'admin'] }],
    [{ permission: 'users:read' }, { permissions: ['users:read'] }],
    [{ scope: 'reports:read' }, { scope: 'openid reports:read' }],
    [{ role: ['a', 'b'] }, { roles: ['b', 'a'] }],
    [{ role: { anyOf: ['a', 'b'] } }, { roles: ['b'] }],
    [{ scope: { anyOf: ['a', 'b'] } }, { scope: 'x b' }],
  ])('%j is met by %j', (requirement, claims) => {
    expect(meets(requirement, claims)).toBe(true)
  })

  test.each<[Requirement, Record<string, unknown>]>([
    [{ role: 'admin' }, {}],
    [{ role: 'admin' }, { roles: [] }],
    [{ role: 'admin' }, { roles: ['Admin', 'admin ', 'admins', 'superadmin'] }],
    [{ role: 'admin' }, { permissions: ['admin'], scope: 'admin' }],
    [{ role: 'admin' }, { roles: 'superadmin' }],
    [{ role: 'admin' }, { roles: { admin: true, includes: () => true } }],
    [{ role: 'admin' }, { roles: [['admin']] }],
    [{ role: ['a', 'b'] }, { roles: ['a'] }],
    [{ role: { anyOf: ['a', 'b'] } }, { roles: ['c'] }],
    [{ permission: 'users:read' }, { permissions: ['users:*', 'users'] }],
    [{ permission: 'users:read' }, { roles: ['users:read'] }],
    [{ scope: 'read' }, { scope: 'reports:read' }],
    [{ scope: 'read' }, { scope: ['read'] }],
    [{ scope: 'read' }, { scp: 'read' }],
    [{ scope: ['read', 'write'] }, { scope: 'read' }],
  ])('%j is not met by %j', (requirement, claims) => {
    expect(meets(requirement, claims)).toBe(false)
  })

  test.each([
    [{}],
    [{ roles: 'admin' }],
    [{ role: '' }],
    [{ role: [] }],
    [{ role: [''] }],
    [{ role: ['admin', ''] }],
    [{ role: ['admin', undefined] }],
    [{ role: undefined }],
    [{ role: null }],
    [{ role: true }],
    [{ role: { anyOf: [] } }],
    [{ role: { anyOf: 'admin' } }],
    [{ role: { allOf: ['admin'] } }],
    [{ role: { anyOf: ['admin'], allOf: ['user'] } }],
    [{ role: 'admin', scope: 'read' }],
    [{ scope: 'read write' }],
    [{ scope: 'read"' }],
    [{ scope: 'read\\' }],
    [{ scope: 'read\r\nSet-Cookie: a=b' }],
    [{ scope: 'lesen-für-alle' }],
  ])('%j is refused when the guard is made (lesson 24)', (requirement) => {
    expect(() => parseRequirement(requirement as unknown as Requirement)).toThrow(TypeError)
  })

  test.each([[null], [undefined], ['admin'], [['admin']]])(
    '%j is no requirement',
    (requirement) => {
      expect(() => parseRequirement(requirement as unknown as Requirement)).toThrow(TypeError)
    },
  )

  test('does not change with the list it was made from', () => {
    const role = ['admin']
    const rule = parseRequirement({ role })
    role.length = 0
    expect(isMet(rule, tokenWith({ roles: [] }))).toBe(false)
  })
})
