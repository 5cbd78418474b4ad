import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ApplicationSecrets, deriveSecretKeys } from '../crypto/secrets.ts'
import {
  findSuccessor,
  formatRefreshToken,
  hashRefreshSecret,
  maxGeneration,
  parseRefreshToken,
  type RefreshToken,
  successorOf,
  toSessionId,
} from './refresh-token.ts'

const keys = deriveSecretKeys(Buffer.alloc(32, 1))
const otherKeys = deriveSecretKeys(Buffer.alloc(32, 2))
const secrets: ApplicationSecrets = { current: keys, previous: null }

const token: RefreshToken = {
  sessionId: toSessionId(Buffer.alloc(16, 7)),
  generation: 3,
  secret: new Uint8Array(32).fill(9),
}
const text = formatRefreshToken(keys, token)

const anyToken = fc.record({
  sessionId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toSessionId),
  generation: fc.integer({ min: 0, max: maxGeneration }),
  secret: fc.uint8Array({ minLength: 32, maxLength: 32 }),
})

/** A token text with the right tag for whatever body it is given. */
function tagged(body: Uint8Array): string {
  const tag = createHmac('sha256', keys.refreshTag).update(body).digest().subarray(0, 12)
  return `rt1_${Buffer.concat([body, tag]).toString('base64url')}`
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text.slice(4), 'base64url')
}

describe('the text of a token', () => {
  test('is 91 characters in the layout that is documented', () => {
    const bytes = bytesOf(text)
    expect(text).toHaveLength(91)
    expect(bytes.subarray(0, 21).toString('hex')).toBe(`01${'07'.repeat(16)}00000003`)
    expect(bytes.subarray(21, 53).toString('hex')).toBe('09'.repeat(32))
  })

  test('reads back as the token it was written from', () => {
    fc.assert(
      fc.property(anyToken, (token) => {
        expect(parseRefreshToken(secrets, formatRefreshToken(keys, token))).toEqual(token)
      }),
    )
  })

  test('is refused with any one byte changed', () => {
    const bytes = bytesOf(text)
    const accepted = [...bytes.keys()].filter((index) => {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      return parseRefreshToken(secrets, `rt1_${changed.toString('base64url')}`) !== null
    })
    expect(accepted).toEqual([])
  })

  test('is refused in any other spelling', () => {
    const last = text.charCodeAt(90)
    const spellings = [
      '',
      'rt1_',
      ` ${text}`,
      `${text}\n`,
      `${text}=`,
      `${text}A`,
      text.slice(0, -1),
      text.replace('rt1_', 'RT1_'),
      text.replace('rt1_', 'rt2_'),
      `${text.slice(0, 10)}+${text.slice(11)}`,
      // The last character carries two bits that no byte uses.
      ...[1, 2, 3].map((bits) => text.slice(0, -1) + String.fromCharCode(last + bits)),
    ]
    expect(spellings.filter((text) => parseRefreshToken(secrets, text) !== null)).toEqual([])
  })

  test('is refused with another version, though the tag is right', () => {
    const body = bytesOf(text).subarray(0, 53)
    expect(parseRefreshToken(secrets, tagged(body))).toEqual(token)
    body.writeUInt8(2, 0)
    expect(parseRefreshToken(secrets, tagged(body))).toBeNull()
  })

  test('is garbage to everyone without the secret', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 120 }), (garbage) => {
        expect(parseRefreshToken(secrets, garbage)).toBeNull()
        expect(parseRefreshToken(secrets, `rt1_${garbage}`)).toBeNull()
      }),
    )
  })

  test('counts in full: tokens with the same first 72 bytes are distinct (G1)', () => {
    const twin = { ...token, secret: token.secret.with(31, 1) }
    expect(formatRefreshToken(keys, twin).slice(0, 72)).toBe(text.slice(0, 72))
    expect(parseRefreshToken(secrets, formatRefreshToken(keys, twin))).toEqual(twin)
    expect(hashRefreshSecret(twin.secret)).not.toEqual(hashRefreshSecret(token.secret))
  })
})

describe('during a change of the application secret', () => {
  test('tokens of the secret before are genuine', () => {
    expect(parseRefreshToken({ current: otherKeys, previous: keys }, text)).toEqual(token)
  })

  test('tokens of any other secret are not', () => {
    const unrelated = deriveSecretKeys(Buffer.alloc(32, 3))
    expect(parseRefreshToken({ current: otherKeys, previous: unrelated }, text)).toBeNull()
  })

  test('a repeat gets the same bytes before, during and after the change began', () => {
    const hash = hashRefreshSecret(successorOf(keys, token, undefined).secret)
    const first = findSuccessor(secrets, token, { idempotencyKey: undefined, hash })
    const changing = { current: otherKeys, previous: keys }
    expect(first).not.toBeNull()
    expect(findSuccessor(changing, token, { idempotencyKey: undefined, hash })).toBe(first)
  })

  test('a successor made with the new secret is found, and tagged with it', () => {
    const successor = successorOf(otherKeys, token, 'key')
    const hash = hashRefreshSecret(successor.secret)
    const changing = { current: otherKeys, previous: keys }
    expect(findSuccessor(changing, token, { idempotencyKey: 'key', hash })).toBe(
      formatRefreshToken(otherKeys, successor),
    )
  })
})

describe('the successor', () => {
  const secretAfter = (token: RefreshToken, key?: string) =>
    Buffer.from(successorOf(keys, token, key).secret).toString('hex')

  test('is the same for the same request', () => {
    expect(successorOf(keys, token, 'key')).toEqual(successorOf(keys, { ...token }, 'key'))
  })

  test('is one generation further in the same session', () => {
    expect(successorOf(keys, token, 'key')).toMatchObject({
      sessionId: token.sessionId,
      generation: 4,
    })
  })

  test('differs for every other session, generation, secret, key and application secret', () => {
    const successors = [
      secretAfter(token),
      secretAfter({ ...token, sessionId: toSessionId(Buffer.alloc(16, 8)) }),
      secretAfter({ ...token, generation: 4 }),
      secretAfter({ ...token, secret: new Uint8Array(32).fill(8) }),
      secretAfter(token, ''),
      secretAfter(token, 'bearer'),
      secretAfter(token, 'key'),
      secretAfter(token, 'key '),
      Buffer.from(successorOf(otherKeys, token, undefined).secret).toString('hex'),
    ]
    expect(new Set(successors).size).toBe(successors.length)
  })

  test('with a key never equals the one without, nor that of another key', () => {
    const key = fc.string({ unit: 'binary-ascii', maxLength: 128 })
    fc.assert(
      fc.property(key, key, (one, other) => {
        fc.pre(one !== other)
        expect(secretAfter(token, one)).not.toBe(secretAfter(token))
        expect(secretAfter(token, one)).not.toBe(secretAfter(token, other))
      }),
    )
  })

  test('does not exist after the last generation', () => {
    expect(() => successorOf(keys, { ...token, generation: maxGeneration }, undefined)).toThrow(
      RangeError,
    )
  })
})
