import { describe, expect, test } from 'vitest'
import { readClaims } from './claim-types.ts'

const good = { iss: 'https://issuer.test', sub: 'u', aud: 'a', exp: 2, iat: 1, jti: 'j' }

const read = (claims: object) => readClaims({ ...good, ...claims }, ['jti'])
const without = (claim: keyof typeof good) => {
  const { [claim]: _left, ...rest } = good
  return rest
}
const invalid: unknown = expect.objectContaining({ code: 'TOKEN_INVALID' })

test('claims of the right types are taken as they are', () => {
  const claims = {
    ...good,
    nbf: 1,
    client_id: 'c',
    sid: 's',
    tv: 0,
    roles: ['r'],
    permissions: [],
    scope: 'a b',
    auth_time: 1,
    amr: ['pwd'],
    acr: '1',
    other: { any: null },
  }
  expect(readClaims(claims, ['jti'])).toBe(claims)
})

test.each(['iss', 'sub', 'aud', 'exp', 'iat', 'jti'] as const)(
  'without %s a token is refused',
  (claim) => {
    expect(() => readClaims(without(claim), ['jti'])).toThrow(invalid)
  },
)

test('jti can be left to the issuer', () => {
  expect(readClaims(without('jti'), []).sub).toBe('u')
})

test('any claim can be demanded', () => {
  expect(() => readClaims(good, ['tenant'])).toThrow(
    expect.objectContaining({ detail: 'a claim is missing' }),
  )
})

describe('a claim of an odd type is refused, never skipped (lesson 6)', () => {
  const odd = [null, true, false, '', [], {}, [null], [['x']], [1], ['\uD800'], -1, 1.5, '\uDC00']
  const names = {
    texts: ['iss', 'sub', 'jti', 'client_id', 'sid', 'acr'],
    times: ['exp', 'iat', 'nbf', 'auth_time'],
  }

  const table = (claims: readonly string[], values: readonly unknown[]) =>
    claims.flatMap((claim) => values.map((value): [string, unknown] => [claim, value]))

  test.each(table(names.texts, [...odd, 0, 7, ['https://issuer.test']]))(
    '%s: %j',
    (claim, value) => {
      expect(() => read({ [claim]: value })).toThrow(invalid)
    },
  )

  test.each(table(names.times, [...odd, '7', [7], NaN, Infinity, 2 ** 53, 1_800_000_000_000]))(
    '%s: %j',
    (claim, value) => {
      expect(() => read({ [claim]: value })).toThrow(invalid)
    },
  )

  test.each(table(['tv'], [...odd, '7', Infinity, 2 ** 53]))('%s: %j', (claim, value) => {
    expect(() => read({ [claim]: value })).toThrow(invalid)
  })

  test.each(table(['aud'], [null, true, '', 7, {}, [], [''], [7], ['a', null], [['a']]]))(
    '%s: %j',
    (claim, value) => {
      expect(() => read({ [claim]: value })).toThrow(invalid)
    },
  )

  test.each(
    table(
      ['roles', 'permissions', 'amr'],
      [null, true, 'admin', 7, {}, { includes: 1 }, [''], [7], [['admin']]],
    ),
  )('%s: %j', (claim, value) => {
    expect(() => read({ [claim]: value })).toThrow(invalid)
  })

  test.each(table(['scope'], [null, true, 7, {}, ['a'], '\uD800']))('%s: %j', (claim, value) => {
    expect(() => read({ [claim]: value })).toThrow(invalid)
  })
})

test('the last second of the range is a time', () => {
  expect(read({ exp: 9_999_999_999 }).exp).toBe(9_999_999_999)
})

test('a token bound to a key is refused, for possession is not checked', () => {
  expect(() => read({ cnf: { jkt: 'x' } })).toThrow(
    expect.objectContaining({ detail: 'bound to a key' }),
  )
})
