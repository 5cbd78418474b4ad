import { expect, test } from 'vitest'
import { readConfiguration } from './configuration.ts'
import { optionFindings } from './option-findings.ts'

// A configuration about which there is nothing to say.
const sound = {
  PASSWORD_MIN_LENGTH: '15',
  ISSUER: 'https://auth.example.com',
  TRUSTED_ORIGINS: 'https://app.example.com',
  TRUST_PROXY: '1',
  NODE_ENV: 'production',
}

function findingsFor(change: Readonly<Record<string, string | undefined>>) {
  return optionFindings(readConfiguration({ ...sound, ...change }))
}

test('a sound configuration has no findings', () => {
  expect(findingsFor({})).toEqual([])
})

test('on a machine of one’s own the defaults have no findings but the short passwords', () => {
  const findings = optionFindings(readConfiguration({}))
  expect(findings.map(({ about }) => about)).toEqual(['PASSWORD_MIN_LENGTH'])
})

const secret = '7f'.repeat(4) + '1c9a'.repeat(4) + '03d8e5b2'.repeat(5)

test.each([
  ['DATABASE_URL', 'a database in memory', { DATABASE_URL: 'sqlite::memory:' }],
  ['TRUST_PROXY', 'a public origin and no proxy', { TRUST_PROXY: undefined }],
  ['TRUST_PROXY', 'a count of proxies on an open address', { HOST: '0.0.0.0' }],
  ['TRUST_PROXY', 'a count of proxies on an open IPv6 address', { HOST: '::' }],
  ['PASSWORD_MIN_LENGTH', 'passwords of 14', { PASSWORD_MIN_LENGTH: '14' }],
  ['RATE_LIMITS', 'no limits', { RATE_LIMITS: 'off', NODE_ENV: undefined }],
  [
    'SIGNING_ALG',
    'a shared secret',
    { SIGNING_ALG: 'HS256', ACCESS_TOKEN_SECRET: 'kT9vX2mQ7pLw4zRb8nYc5fHj3sGd6aEu' },
  ],
  ['COUNTERSIGN_SECRET_PREVIOUS', 'two secrets', { COUNTERSIGN_SECRET_PREVIOUS: secret }],
  ['TRUSTED_ORIGINS', 'another domain', { TRUSTED_ORIGINS: 'https://app.example.org' }],
  ['TRUSTED_ORIGINS', 'another scheme', { TRUSTED_ORIGINS: 'http://localhost:3000' }],
])('one warning about %s: %s', (about, _what, change) => {
  expect(findingsFor(change)).toEqual([{ level: 'warning', about, message: expect.any(String) }])
})

const local = { ...sound, ISSUER: undefined, TRUST_PROXY: undefined, TRUSTED_ORIGINS: undefined }

test.each([
  ['a loopback issuer in production', {}],
  ['a port that is not the issuer’s', { NODE_ENV: undefined, ISSUER: 'http://localhost:5000' }],
])('one warning about ISSUER: %s', (_what, change) => {
  expect(findingsFor({ ...local, ...change })).toEqual([
    { level: 'warning', about: 'ISSUER', message: expect.any(String) },
  ])
})

test.each([
  ['another port of localhost', { TRUSTED_ORIGINS: 'http://localhost:5173' }],
  ['a port that is made by PORT', { PORT: '5000' }],
  ['any free port', { PORT: '0' }],
])('on loopback nothing is said about %s', (_what, change) => {
  expect(findingsFor({ ...local, NODE_ENV: undefined, ...change })).toEqual([])
})

test('127.0.0.1 is another site than localhost', () => {
  const change = { NODE_ENV: undefined, TRUSTED_ORIGINS: 'http://127.0.0.1:5173' }
  expect(findingsFor({ ...local, ...change })).toMatchObject([{ about: 'TRUSTED_ORIGINS' }])
})

test('proxies named by address may be reached on an open address', () => {
  expect(findingsFor({ HOST: '0.0.0.0', TRUST_PROXY: '10.0.0.0/8' })).toEqual([])
})

test('every problem that keeps the server from starting is an error', () => {
  expect(findingsFor({ PASSWORD_MIN_LENGTH: '4', PORT: '99999', RATE_LIMITS: 'off' })).toEqual([
    { level: 'error', about: 'PASSWORD_MIN_LENGTH', message: expect.stringContaining('8 to 64') },
    { level: 'error', about: 'PORT', message: expect.stringContaining('99999') },
    { level: 'error', about: 'RATE_LIMITS', message: expect.stringContaining('refused') },
  ])
})
