import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

test('variables become options, with units read', () => {
  const { options, problems } = readEnvironment({
    ISSUER: 'https://auth.example.com',
    ACCESS_TOKEN_EXPIRY: '10m',
    REFRESH_TOKEN_EXPIRY: '30d',
    SESSION_MAX_AGE: '48h',
    TRUSTED_ORIGINS: 'https://a.example.com, https://b.example.com',
    PASSWORD_MIN_LENGTH: '15',
    PATH: '/usr/bin',
  })
  expect(problems).toEqual([])
  expect(options).toEqual({
    issuer: 'https://auth.example.com',
    accessTokenSeconds: 600,
    refreshTokenSeconds: 2_592_000,
    sessionMaxSeconds: 172_800,
    trustedOrigins: ['https://a.example.com', 'https://b.example.com'],
    passwordMinLength: 15,
  })
})

test('an empty variable counts as not set', () => {
  expect(readEnvironment({ ISSUER: '', AUDIENCE: '  ' })).toEqual({ options: {}, problems: [] })
})

test('without an issuer the port makes one on loopback', () => {
  expect(readEnvironment({ PORT: '5000' }).options).toEqual({ issuer: 'http://localhost:5000' })
})

test('without an issuer a server that speaks https is one over https', () => {
  const tls = { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' }
  expect(readEnvironment(tls).options).toEqual({ issuer: 'https://localhost:4000' })
  expect(readEnvironment({ ...tls, PORT: '5000' }).options).toEqual({
    issuer: 'https://localhost:5000',
  })
})

test('the port a scheme has anyway is not part of an issuer', () => {
  expect(readEnvironment({ PORT: '80' }).options).toEqual({ issuer: 'http://localhost' })
})

test('a port that is none makes no issuer: one mistake is one problem', () => {
  expect(readEnvironment({ PORT: '99999' }).options).toEqual({})
})

test('a database URL that is refused is not repeated: it may hold a password (lesson 37)', () => {
  const { problems } = readEnvironment({ DATABASE_URL: 'mysql://root:hunter2@db/app' })
  expect(problems).toEqual([expect.stringMatching(/^DATABASE_URL must be (?!.*hunter2)/)])
})

test.each([
  ['ACCESS_TOKEN_EXPIRY', '15'],
  ['ACCESS_TOKEN_EXPIRY', '2h'],
  ['ACCESS_TOKEN_EXPIRY', '-1m'],
  ['PASSWORD_MIN_LENGTH', '1e1'],
  ['SIGNING_ALG', 'none'],
  ['RATE_LIMITS', 'no'],
  ['TRUSTED_ORIGINS', '*'],
])('%s=%s is a problem that says what would do', (variable, text) => {
  const { options, problems } = readEnvironment({ [variable]: text })
  expect(options).toEqual({})
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^${variable} must be .+`))])
})

test('a variable that looks like ours and is none is a problem: it may be a typing error', () => {
  expect(readEnvironment({ COUNTERSIGN_SECRT: 'x' }).problems).toEqual([
    expect.stringContaining('COUNTERSIGN_SECRT is not a variable'),
  ])
})

test('a word for e-mail verification that there is not is a problem', () => {
  expect(readEnvironment({ EMAIL_VERIFICATION: 'yes' }).problems).toHaveLength(1)
  expect(readEnvironment({ EMAIL_VERIFICATION: 'required' }).problems).toEqual([])
})
