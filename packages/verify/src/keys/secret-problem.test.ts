import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { generateKeys } from '../testing/test-issuer.ts'
import { secretProblem } from './secret-problem.ts'

/** 32 bytes like random ones, the same in every run. */
function randomBytes(seed: number): Buffer {
  return createHash('sha256').update(`secret ${seed}`).digest()
}

describe('no random secret is refused', () => {
  test.each(['hex', 'base64url', 'base64', 'latin1'] as const)('20,000 in %s', (encoding) => {
    const refused = Array.from({ length: 20_000 }, (_, seed) =>
      secretProblem(Buffer.from(randomBytes(seed).toString(encoding), 'latin1')),
    ).filter((problem) => problem !== null)
    expect(refused).toEqual([])
  })

  test('20,000 of 128 bits in hex', () => {
    const refused = Array.from({ length: 20_000 }, (_, seed) =>
      secretProblem(randomBytes(seed).toString('hex').slice(32)),
    ).filter((problem) => problem !== null)
    expect(refused).toEqual([])
  })
})

test.each(['', 'x', 'a'.repeat(31), '5c2f7e9a41d8b06378e1c4f50a9d3b6'])(
  '%j is short (G14)',
  (secret) => {
    expect(secretProblem(secret)).toBe('is shorter than 32 bytes')
  },
)

test('the length counts in bytes, not in characters', () => {
  expect(secretProblem('éàüøñçßåæœłđŧħŋþ')).toBeNull()
})

test.each([
  'your_access_token_secret_here_replace_me',
  'your_refresh_token_secret_here_replace_me',
  'changeme-changeme-for-production-1',
  'CHANGE_ME_CHANGE_ME_TO_SOMETHING_9',
  'please-change-this-before-deploying',
  'my-Super-Secret-key-2024-for-our-app',
  'this is the PASSWORD of our backend!',
  'example-key-for-documentation-only',
  'qwertyuiopasdfghjklzxcvbnmQWERTYUI',
  'abcdefghijklmnopqrstuvwxyz!@#$%^&*',
])('%j is a placeholder (G14)', (secret) => {
  expect(secretProblem(secret)).toBe('has the words of a placeholder')
})

test.each([
  '0'.repeat(64),
  'ab'.repeat(20),
  'hunter2!'.repeat(4),
  'k9$Lm2#xQ7vR'.repeat(3).slice(0, 34),
  '0001111222233334444555566667777888',
  'zyxwvutsrqponmlkjihgfedcba9876543210',
])('%j is not random (G14)', (secret) => {
  expect(secretProblem(secret)).toBe('repeats or counts instead of being random')
})

test('bytes are judged like text', () => {
  expect(secretProblem(new Uint8Array(64))).toBe('repeats or counts instead of being random')
})

test('every secret of the public list is refused (G14)', () => {
  const list = new URL('../../vectors/jwt-secrets/secrets.txt', import.meta.url)
  const secrets = readFileSync(list, 'utf8').split('\n').slice(0, -1)
  const accepted = secrets.filter((secret) => secretProblem(secret) === null)
  expect([secrets.length, accepted]).toEqual([1830, []])
})

test.each([
  'hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg',
  Buffer.from('hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg', 'base64url'),
])('a key that an RFC prints is refused, as text and as bytes', (secret) => {
  expect(secretProblem(secret)).toBe('is in public lists of known secrets')
})

describe('a public key is no secret (lesson 2)', () => {
  const { publicKey } = generateKeys('RS256')
  const spki = String(publicKey.export({ type: 'spki', format: 'pem' }))
  const pkcs1 = String(publicKey.export({ type: 'pkcs1', format: 'pem' }))
  const jwk = JSON.stringify(publicKey.export({ format: 'jwk' }))

  test.each([
    ['SPKI', spki],
    ['PKCS #1', pkcs1],
    ['after white space', `\n \t${spki}`],
    ['after a byte order mark', `\uFEFF${spki}`],
    ['after a comment', `# our key\n${spki}`],
    ['in quotes', JSON.stringify(spki)],
    ['with other line ends', spki.replaceAll('\n', '\r\n')],
    ['in one line', spki.replaceAll('\n', ' ')],
    ['as bytes', Buffer.from(spki)],
    ['as JWK', jwk],
    ['as JWK Set', `{"keys": [${jwk}]}`],
  ])('%s', (_form, secret) => {
    expect(secretProblem(secret)).toBe('is a key in PEM or JWK form, not a secret')
  })
})
