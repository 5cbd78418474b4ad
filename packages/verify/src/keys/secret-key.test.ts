import { expect, test } from 'vitest'
import { testSecret } from '../testing/token-forge.ts'
import type { VerificationKey } from './key-source.ts'
import { secretKey } from './secret-key.ts'

test('a secret is the key of HS256, whatever the token calls it', () => {
  expect(secretKey(testSecret).find('any', 'HS256')).toMatchObject({ algorithm: 'HS256' })
})

test.each(['ES256', 'EdDSA', 'RS256', 'PS256', 'none', 'hs256'])(
  'a secret is no key of %s (lesson 1)',
  (algorithm) => {
    expect(secretKey(testSecret).find(undefined, algorithm)).toBeNull()
  },
)

test('a later change to the bytes given changes nothing', () => {
  const bytes = new Uint8Array(testSecret)
  const source = secretKey(bytes)
  bytes.fill(0)
  const { key } = source.find(undefined, 'HS256') as VerificationKey
  expect(key.export()).toEqual(Buffer.from(testSecret))
})
