import { describe, expect, test } from 'vitest'
import { secretKey } from '../keys/secret-key.ts'
import { createForge, testSecret } from '../testing/token-forge.ts'
import { createVerifier } from './create-verifier.ts'
import type { VerifierOptions } from './verifier-options.ts'
import { checkVerifierOptions } from './verifier-settings.ts'

const { jwks } = createForge().options
const good = { issuer: 'https://issuer.test', audience: 'https://api.test', jwks }

/** Options as a program without types may give them. */
const make = (options: object) => () => createVerifier(options as VerifierOptions)

test('issuer, audience and keys are enough', () => {
  expect(checkVerifierOptions(good as VerifierOptions)).toMatchObject({
    headerRules: { mediaType: 'application/at+jwt', isClosed: true },
    claimRules: {
      issuer: 'https://issuer.test',
      audiences: ['https://api.test'],
      required: ['jti'],
      maxLifetimeSeconds: 3600,
      clockToleranceSeconds: 5,
    },
    cacheSize: 20_000,
  })
})

test('tokens of other issuers may live a day', () => {
  const { claimRules } = checkVerifierOptions({ ...good, profile: 'jwt' } as VerifierOptions)
  expect(claimRules.maxLifetimeSeconds).toBe(86_400)
})

test('every wrong option is named at once', () => {
  const options = { audience: [], secret: 'short', clockToleranceSeconds: -1, algorithms: ['none'] }
  expect(make(options)).toThrow(
    new TypeError(
      'createVerifier: algorithms is no option; issuer must be text; ' +
        'audience must be text or a list of it; ' +
        'clockToleranceSeconds must be a whole number from 0 to 60; ' +
        'secret is shorter than 32 bytes.',
    ),
  )
})

describe('refused is', () => {
  test.each([
    ['no issuer', { issuer: undefined }],
    ['an empty issuer', { issuer: '' }],
    ['a list of issuers', { issuer: ['https://issuer.test'] }],
    ['a pattern as issuer', { issuer: /issuer/ }],
    ['no audience', { audience: undefined }],
    ['an empty audience', { audience: '' }],
    ['an empty list of audiences', { audience: [] }],
    ['an empty audience among others', { audience: ['a', ''] }],
    ['a pattern as audience', { audience: /api/ }],
    ['an unknown profile', { profile: 'any' }],
    ['a profile named like a member of every object', { profile: 'constructor' }],
    ['typ for our own tokens', { typ: 'JWT' }],
    ['required claims for our own tokens', { requiredClaims: [] }],
    ['a typ that is no text', { profile: 'jwt', typ: 7 }],
    ['an empty typ', { profile: 'jwt', typ: '' }],
    ['required claims that are no list', { profile: 'jwt', requiredClaims: 'jti' }],
    ['a clock that is none', { clock: {} }],
    ['a function as clock', { clock: () => 0 }],
    ['nothing as clock', { clock: null }],
    ['an unknown option', { ignoreExpiration: true }],
    ['a list of algorithms', { algorithms: ['ES256'] }],
    ['a key source that is none', { jwks: undefined, keys: {} }],
    ['a key source without version', { jwks: undefined, keys: { find: () => null } }],
    ['a key set that is none', { jwks: {} }],
    ['a key set of text', { jwks: '-----BEGIN PUBLIC KEY-----' }],
    ['an address of keys that is none', { jwks: undefined, jwksUri: 'jwks.json' }],
    ['an address of keys on plain http', { jwks: undefined, jwksUri: 'http://issuer.test/jwks' }],
    ['a secret that is no text', { jwks: undefined, secret: 7 }],
    ['an empty secret (lesson 3)', { jwks: undefined, secret: '' }],
    ['empty bytes as secret (lesson 3)', { jwks: undefined, secret: new Uint8Array(0) }],
    [
      'a placeholder as secret (G14)',
      {
        jwks: undefined,
        secret: 'your_access_token_secret_here_replace_me',
      },
    ],
    ['no keys when the issuer is no URL', { jwks: undefined, issuer: 'issuer' }],
    ['no keys when the issuer is on plain http', { jwks: undefined, issuer: 'http://issuer.test' }],
  ])('%s', (_what, options) => {
    expect(make({ ...good, ...options })).toThrow(TypeError)
  })

  test.each(['clockToleranceSeconds', 'maxLifetimeSeconds', 'cacheSize'])(
    '%s that is no whole number in its range (lesson 6)',
    (name) => {
      const odd = [-1, 1.5, NaN, Infinity, -Infinity, 1e9, '5', null, [], {}]
      for (const value of odd) expect(make({ ...good, [name]: value })).toThrow(`${name} must be`)
    },
  )

  const keys = { keys: secretKey(testSecret), jwks, jwksUri: 'https://x.test', secret: testSecret }
  const pairs = Object.keys(keys).flatMap((a, index) =>
    Object.keys(keys)
      .slice(index + 1)
      .map((b): [string, string] => [a, b]),
  )
  test.each(pairs)('%s together with %s', (a, b) => {
    const { jwks: _, ...rest } = good
    const entries = Object.entries(keys).filter(([name]) => name === a || name === b)
    expect(make({ ...rest, ...Object.fromEntries(entries) })).toThrow('only one of')
  })
})

test('without keys those of the issuer are used', () => {
  const { issuer, audience } = good
  expect(make({ issuer, audience })).not.toThrow()
})

test('a secret never appears in an error', () => {
  const secret = 'hunter2-hunter2-hunter2-hunter2-'
  expect(make({ ...good, jwks: undefined, secret })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  )
})

test('a later change to the options changes nothing', () => {
  const audience = ['https://api.test']
  const { claimRules } = checkVerifierOptions({ ...good, audience } as VerifierOptions)
  audience.push('https://evil.test')
  expect(claimRules.audiences).toEqual(['https://api.test'])
})
