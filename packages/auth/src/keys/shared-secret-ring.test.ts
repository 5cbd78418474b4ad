import { createSecretKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { openSharedSecretRing } from './shared-secret-ring.ts'
import { signBytes } from './sign.ts'

const secret = 'grün-1f0c2a9e5b7d4836a1c9e0f2b4d6a8c7'
const ring = openSharedSecretRing(secret)

test('the secret counts as its UTF-8 bytes', () => {
  expect(ring.signer().key.export()).toEqual(Buffer.from(secret, 'utf8'))
})

test('its one key signs and is found by name and algorithm', () => {
  const { kid, algorithm } = ring.signer()
  expect(algorithm).toBe('HS256')
  expect(ring.find(kid, 'HS256')?.key).toBe(ring.signer().key)
  expect(ring.find(kid, 'ES256')).toBeNull()
  expect(ring.find('another', 'HS256')).toBeNull()
  expect(ring.find(undefined, 'HS256')).toBeNull()
})

test('nothing is published or listed', () => {
  expect(ring.publicKeySet()).toEqual({ keys: [] })
  expect(ring.list()).toEqual([])
})

test('the name of the key depends on the secret and does not hold it', () => {
  const { kid } = ring.signer()
  expect(kid).toHaveLength(16)
  expect(kid).toBe(openSharedSecretRing(secret).signer().kid)
  expect(kid).not.toBe(openSharedSecretRing(`${secret}!`).signer().kid)
})

test.each(['', 'short', 'your_access_token_secret_here_replace_me'])(
  'the weak secret %j does not start',
  (weak) => {
    expect(() => openSharedSecretRing(weak)).toThrow(
      expect.objectContaining({ name: 'StartupError' }),
    )
  },
)

test('rotating is refused', async () => {
  await expect(ring.rotate('usr_admin')).rejects.toMatchObject({ code: 'ROTATION_UNSUPPORTED' })
})

test('it signs with HMAC-SHA256', () => {
  // RFC 4231 §4.3 (test case 2).
  const signer = { kid: 'k', algorithm: 'HS256', key: createSecretKey('Jefe', 'utf8') } as const
  const mac = signBytes(signer, Buffer.from('what do ya want for nothing?'))
  expect(Buffer.from(mac).toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})
