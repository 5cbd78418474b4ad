import { expect, test } from 'vitest'
import { fakeRandom } from '../testing/fake-random.ts'
import { isSealedUnderPrevious, open, seal } from './seal.ts'
import { deriveApplicationSecrets } from './secrets.ts'

const random = fakeRandom()
const [oldSecret, newSecret] = [random.bytes(32), random.bytes(32)]
const before = deriveApplicationSecrets(oldSecret, null)
const during = deriveApplicationSecrets(newSecret, oldSecret)
const after = deriveApplicationSecrets(newSecret, null)

const plaintext = Buffer.from('a private key')
const context = 'signing-key:k1'
const sealed = seal({ secrets: before, random }, { plaintext, context })

test('what was sealed opens', () => {
  expect(open(before, { sealed, context })).toEqual(new Uint8Array(plaintext))
})

test('an empty value can be sealed', () => {
  const empty = seal({ secrets: before, random }, { plaintext: new Uint8Array(), context })
  expect(open(before, { sealed: empty, context })).toEqual(new Uint8Array())
})

test('the text names its format and secret and does not hold the value', () => {
  expect(sealed.startsWith(`seal1.${before.current.id}.`)).toBe(true)
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes(plaintext)).toBe(false)
})

test('sealing the same value twice gives different texts', () => {
  expect(seal({ secrets: before, random }, { plaintext, context })).not.toBe(sealed)
})

test('it opens under the previous secret during a change', () => {
  expect(open(during, { sealed, context })).toEqual(new Uint8Array(plaintext))
})

test('during a change new values are sealed under the current secret', () => {
  const fresh = seal({ secrets: during, random }, { plaintext, context })
  expect(open(after, { sealed: fresh, context })).toEqual(new Uint8Array(plaintext))
})

test('only what is sealed under the previous secret is to be sealed again', () => {
  expect([before, during, after].map((secrets) => isSealedUnderPrevious(secrets, sealed))).toEqual([
    false,
    true,
    false,
  ])
})

test('another secret is named as the reason', () => {
  expect(() => open(after, { sealed, context })).toThrow(
    expect.objectContaining({ code: 'OTHER_SECRET' }),
  )
})

test('it does not open in another context', () => {
  expect(() => open(before, { sealed, context: 'signing-key:k2' })).toThrow(
    expect.objectContaining({ code: 'DAMAGED' }),
  )
})

test('a change of any one byte is found', () => {
  const [name, id, encoded = ''] = sealed.split('.')
  const body = Buffer.from(encoded, 'base64url')
  for (let at = 0; at < body.length; at += 1) {
    const tampered = Buffer.from(body)
    tampered[at] = (tampered[at] ?? 0) ^ 1
    const text = `${name}.${id}.${tampered.toString('base64url')}`
    expect(() => open(before, { sealed: text, context }), `byte ${at}`).toThrow(
      expect.objectContaining({ code: 'DAMAGED' }),
    )
  }
})

test('it does not open under the previous secret when it names the current one', () => {
  const relabelled = sealed.replace(before.current.id, during.current.id)
  expect(() => open(during, { sealed: relabelled, context })).toThrow(
    expect.objectContaining({ code: 'DAMAGED' }),
  )
})

test.each([
  '',
  'plain text',
  `seal2.${before.current.id}.${sealed.split('.')[2]}`,
  `seal1.${before.current.id}.`,
  `seal1.${before.current.id}.AAAA`,
  `${sealed}=`,
  `${sealed}.`,
  sealed.slice(0, -4),
])('%j is not a sealed value', (text) => {
  expect(() => open(before, { sealed: text, context })).toThrow(
    expect.objectContaining({ code: 'DAMAGED' }),
  )
})
