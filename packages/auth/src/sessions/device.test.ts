import { expect, test } from 'vitest'
import { deriveApplicationSecrets } from '../crypto/secrets.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { issueDevice, knownDeviceId } from './device.ts'

const random = fakeRandom()
const [oldSecret, newSecret] = [random.bytes(32), random.bytes(32)]
const secrets = deriveApplicationSecrets(oldSecret, null)
const userId = 'usr_ada'
const value = issueDevice({ random, secrets }, { userId })

test('a device is known to the user it was issued to', () => {
  expect(knownDeviceId(secrets, { value, userId })).toBe(value.split('.')[0])
})

test('a device is not known to another user', () => {
  expect(knownDeviceId(secrets, { value, userId: 'usr_eve' })).toBeNull()
})

test('every device has an id of its own', () => {
  const other = issueDevice({ random, secrets }, { userId })
  expect(knownDeviceId(secrets, { value: other, userId })).not.toBe(value.split('.')[0])
})

test('a device stays known while the secret is changed', () => {
  const during = deriveApplicationSecrets(newSecret, oldSecret)
  expect(knownDeviceId(during, { value, userId })).toBe(value.split('.')[0])
})

test('a device is forgotten when its secret is gone', () => {
  const after = deriveApplicationSecrets(newSecret, null)
  expect(knownDeviceId(after, { value, userId })).toBeNull()
})

test('a change of any one character makes a device unknown', () => {
  for (let at = 0; at < value.length; at += 1) {
    const other = value[at] === 'A' ? 'B' : 'A'
    const changed = value.slice(0, at) + other + value.slice(at + 1)
    expect(knownDeviceId(secrets, { value: changed, userId })).toBeNull()
  }
})

test.each([
  ['no value', null],
  ['an empty value', ''],
  ['an id without a tag', value.split('.')[0] ?? ''],
  ['an empty tag', `${value.split('.')[0]}.`],
  ['a tag cut short', value.slice(0, -2)],
  ['something appended', `${value}.x`],
  ['padding', `${value}=`],
  ['a moved boundary', value.replace('.', '').replace(/^(.{21})/, '$1.')],
])('is not a device: %s', (_, changed) => {
  expect(knownDeviceId(secrets, { value: changed, userId })).toBeNull()
})
