import { describe, expect, test } from 'vitest'
import { type ClaimRules, judgeClaims } from './claim-rules.ts'

const rules: ClaimRules = {
  issuer: 'https://issuer.test',
  audiences: ['https://api.test'],
  required: [],
  maxLifetimeSeconds: 3600,
  clockToleranceSeconds: 5,
}
const now = 1_000_000
const good = { iss: rules.issuer, sub: 'u', aud: 'https://api.test', iat: now, exp: now + 600 }

function judge(
  claims: object,
  { at = now, ...changed }: Partial<ClaimRules> & { at?: number } = {},
) {
  return () => {
    judgeClaims({ ...good, ...claims }, { ...rules, ...changed }, at)
  }
}

const refusal = (detail: string): unknown =>
  expect.objectContaining({ code: 'TOKEN_INVALID', detail })

test('right claims pass', () => {
  expect(judge({})).not.toThrow()
})

test.each([
  'https://issuer.test/',
  'HTTPS://issuer.test',
  'https://issuer.test.evil.test',
  'https://issuer.tes',
])('issuer %s is another issuer', (iss) => {
  expect(judge({ iss })).toThrow(refusal('of another issuer'))
})

describe('audience', () => {
  test('one of several in the token is enough', () => {
    expect(judge({ aud: ['x', 'https://api.test'] })).not.toThrow()
  })

  test('one of several that we are is enough', () => {
    expect(judge({ aud: 'y' }, { audiences: ['x', 'y'] })).not.toThrow()
  })

  test.each([
    'https://api.test/',
    'https://api',
    'HTTPS://API.TEST',
    ['https://api.test.evil.test'],
  ])('%j is another audience', (aud) => {
    expect(judge({ aud })).toThrow(refusal('for another audience'))
  })
})

describe('lifetime', () => {
  test('the longest allowed passes', () => {
    expect(judge({ exp: now + 3600 })).not.toThrow()
  })

  test('a longer one is refused (G11)', () => {
    expect(judge({ exp: now + 3601 })).toThrow(refusal('lives too long'))
  })

  test('a token cannot expire as it is issued', () => {
    expect(judge({ exp: now })).toThrow(refusal('expires before it was issued'))
  })
})

describe('time', () => {
  test('a token expires at exp and the tolerance', () => {
    const attempts = [judge({}, { at: now + 604 }), judge({}, { at: now + 605 })]
    expect(attempts.map(outcome)).toEqual(['good', 'TOKEN_EXPIRED'])
  })

  test('a token from the future is refused beyond the tolerance', () => {
    const attempts = [judge({ iat: now + 5 }), judge({ iat: now + 6 })]
    expect(attempts.map(outcome)).toEqual(['good', 'TOKEN_INVALID'])
  })

  test('a token is refused before nbf and the tolerance', () => {
    const attempts = [judge({ nbf: now + 5 }), judge({ nbf: now + 6 })]
    expect(attempts.map(outcome)).toEqual(['good', 'TOKEN_INVALID'])
  })

  test('a clock that gives no number refuses every token (lesson 24)', () => {
    expect(outcome(judge({}, { at: NaN }))).toBe('TOKEN_INVALID')
  })
})

describe('an expired token is told apart only when all else is right (lesson 9)', () => {
  test.each([{ iss: 'x' }, { aud: 'x' }, { iat: 1 }])('not with %j', (claims) => {
    expect(outcome(judge(claims, { at: now + 10_000 }))).toBe('TOKEN_INVALID')
  })
})

function outcome(attempt: () => void): string {
  try {
    attempt()
    return 'good'
  } catch (error) {
    return (error as { code: string }).code
  }
}
