import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { StartupError } from '../base/startup-error.ts'
import { checkOptions } from './check-options.ts'

function problemsOf(options: object): readonly string[] {
  try {
    checkOptions(options)
    return []
  } catch (error) {
    if (error instanceof StartupError) return error.problems
    throw error
  }
}

const secret = () => randomBytes(32).toString('hex')

test('the defaults are fine', () => {
  expect(problemsOf({})).toEqual([])
})

test('a full set of good options is fine', () => {
  expect(
    problemsOf({
      issuer: 'https://auth.example.com',
      audience: 'orders',
      basePath: '/auth',
      database: 'sqlite:./x.db',
      secret: secret(),
      previousSecret: secret(),
      signingAlgorithm: 'HS256',
      accessTokenSecret: randomBytes(32).toString('base64'),
      accessTokenSeconds: 60,
      refreshTokenSeconds: 300,
      sessionMaxSeconds: 300,
      maxSessionsPerUser: 1,
      trustedOrigins: ['https://app.example.com', 'http://localhost:5173'],
      trustProxy: '10.0.0.0/8, ::1',
      passwordMinLength: 15,
      onRefreshReuse: 'user',
      rateLimits: 'on',
      siteName: 'Example',
      docs: 'off',
      production: true,
    }),
  ).toEqual([])
})

test('an unknown option is refused by name', () => {
  expect(problemsOf({ accessTokenSecond: 60 })).toEqual([
    expect.stringContaining('accessTokenSecond is not an option'),
  ])
})

test.each([
  ['http off loopback', 'http://auth.example.com'],
  ['a host that only starts like loopback', 'http://localhost.example.com'],
  ['a name that only looks like an address', 'http://127.0.0.1.example.com'],
  ['a path', 'https://example.com/auth'],
  ['a slash at the end', 'https://example.com/'],
  ['the port every https URL has', 'https://example.com:443'],
  ['upper case', 'https://Example.com'],
  ['credentials', 'https://user:pass@example.com'],
  ['no URL', 'example.com'],
  ['another scheme', 'ftp://example.com'],
  ['a number', 4000],
])('an issuer with %s is refused', (_name, issuer) => {
  expect(problemsOf({ issuer })).toEqual([expect.stringContaining('ISSUER (issuer) must be')])
})

test.each(['http://localhost:4000', 'http://127.0.0.1', 'http://[::1]:8080', 'http://a.localhost'])(
  '%s is loopback and may be http',
  (issuer) => {
    expect(problemsOf({ issuer })).toEqual([])
  },
)

test.each([
  ['short', 'abcdef'],
  ['a placeholder', 'your_access_token_secret_here_replace_me'],
  ['repeated', 'ab'.repeat(32)],
  ['zeros', '0'.repeat(64)],
  ['a sentence', 'this is my very secret secret that nobody knows!'],
])('a secret that is %s is refused without being repeated (G14, lesson 32)', (_name, text) => {
  const problems = problemsOf({ secret: text })
  expect(problems).toEqual([expect.stringContaining('COUNTERSIGN_SECRET')])
  expect(problems[0]).toContain('openssl rand -hex 32')
  expect(problems[0]).not.toContain(text)
})

test.each([
  ['missing', undefined],
  ['short', 'short'],
  ['a placeholder', 'your_access_token_secret_here_replace_me'],
])('with HS256 an access token secret that is %s is refused (G14)', (_name, accessTokenSecret) => {
  const options = accessTokenSecret === undefined ? {} : { accessTokenSecret }
  expect(problemsOf({ signingAlgorithm: 'HS256', ...options })).toEqual([
    expect.stringContaining('ACCESS_TOKEN_SECRET'),
  ])
})

test('an access token secret without HS256 is refused: it would do nothing', () => {
  expect(problemsOf({ accessTokenSecret: secret() })).toEqual([
    expect.stringContaining('only used with SIGNING_ALG=HS256'),
  ])
})

test('an access token secret that is the application secret is refused: a service shares it', () => {
  const shared = secret()
  const options = { signingAlgorithm: 'HS256', accessTokenSecret: shared, secret: shared }
  expect(problemsOf(options)).toEqual([expect.stringContaining('must not be COUNTERSIGN_SECRET')])
})

test.each([
  ['no path', 'sqlite:'],
  ['a space before its path', 'sqlite: ./x.db'],
  ['a space behind its path', 'sqlite:./x.db '],
  ['another scheme', 'file:x.db'],
])('a database with %s is refused', (_name, database) => {
  expect(problemsOf({ database })).toEqual([
    expect.stringContaining('DATABASE_URL (database) must be'),
  ])
})

test('PostgreSQL without a secret is refused', () => {
  expect(problemsOf({ database: 'postgres://localhost/x' })).toContainEqual(
    expect.stringContaining('PostgreSQL needs COUNTERSIGN_SECRET'),
  )
})

test.each([['rate limits switched off', { rateLimits: 'off' }]])(
  'production refuses %s',
  (_name, options) => {
    expect(problemsOf({ ...options, production: true })).toHaveLength(1)
    expect(problemsOf({ ...options, production: false })).toEqual([])
  },
)

test('every problem is said at once', () => {
  const problems = problemsOf({
    issuer: 'nowhere',
    secret: 'x',
    accessTokenSeconds: 0,
    trustProxy: 'everybody',
    trustedOrigins: ['*'],
    unheardOf: 1,
  })
  expect(problems).toHaveLength(6)
})

test.each([
  ['NaN', Number.NaN],
  ['infinite', Number.POSITIVE_INFINITY],
  ['fractional', 60.5],
  ['negative', -60],
  ['text', '60'],
  ['too long', 3601],
])('a lifetime that is %s is refused (lesson 6)', (_name, accessTokenSeconds) => {
  expect(problemsOf({ accessTokenSeconds })).toEqual([
    expect.stringContaining('ACCESS_TOKEN_EXPIRY'),
  ])
})

test('an access token must not outlive the session it belongs to', () => {
  expect(problemsOf({ accessTokenSeconds: 600, refreshTokenSeconds: 600 })).toEqual([
    expect.stringContaining('shorter than REFRESH_TOKEN_EXPIRY'),
  ])
})
