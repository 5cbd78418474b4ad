import { describe, expect, test } from 'vitest'
import { checkRemoteKeySetOptions, type RemoteKeySetOptions } from './remote-key-set-options.ts'

describe('the options', () => {
  const good = { uri: 'https://issuer.example/jwks' }

  test.each([
    'https://issuer.example/jwks',
    'http://localhost:4000/jwks',
    'http://127.0.0.1/jwks',
    'http://[::1]:4000/jwks',
  ])('take %s', (uri) => {
    expect(() => checkRemoteKeySetOptions({ uri })).not.toThrow()
  })

  test.each([
    'http://issuer.example/jwks',
    'http://localhost.evil.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'http://evil.example/localhost',
    'http://localhost@evil.example/jwks',
    'https://user:password@issuer.example/jwks',
    'ftp://localhost/jwks',
    'file:///etc/jwks.json',
    '/jwks',
    '',
  ])('refuse %s (lesson 31)', (uri) => {
    expect(() => checkRemoteKeySetOptions({ uri })).toThrow(TypeError)
  })

  test.each([
    { cacheSeconds: 59 },
    { cacheSeconds: 3601 },
    { cacheSeconds: 60.5 },
    { cacheSeconds: Number.NaN },
    { staleIfErrorSeconds: -1 },
    { staleIfErrorSeconds: Number.POSITIVE_INFINITY },
    { staleIfErrorSeconds: 604_801 },
  ])('refuse %o', (wrong) => {
    expect(() => checkRemoteKeySetOptions({ ...good, ...wrong })).toThrow(Object.keys(wrong)[0])
  })

  test('that are wrong are all named at once', () => {
    const wrong = { uri: 'nowhere', cacheSeconds: 1, maxAge: 5 } as RemoteKeySetOptions
    expect(() => checkRemoteKeySetOptions(wrong)).toThrow(/maxAge.*uri.*cacheSeconds/)
  })

  test('do not put credentials of a URL into the error (lesson 37)', () => {
    const run = () => checkRemoteKeySetOptions({ uri: 'https://user:hunter2@issuer.example/' })
    expect(run).toThrow(/^(?!.*hunter2)/)
  })
})
