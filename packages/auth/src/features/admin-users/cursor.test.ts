import { expect, test } from 'vitest'
import { deriveApplicationSecrets } from '../../crypto/secrets.ts'
import { readCursor, writeCursor } from './cursor.ts'

const secrets = deriveApplicationSecrets(new Uint8Array(32).fill(1), null)
const position = { createdAt: 1_800_000_000, id: 'usr_x' }

test('a cursor comes back as the position it was written for', () => {
  expect(readCursor(secrets, writeCursor(secrets, position))).toEqual(position)
})

test('a cursor with any character changed is refused (lesson 32)', () => {
  const cursor = writeCursor(secrets, position)
  for (let i = 0; i < cursor.length; i++) {
    const other = cursor[i] === 'A' ? 'B' : 'A'
    const changed = cursor.slice(0, i) + other + cursor.slice(i + 1)
    expect(() => readCursor(secrets, changed)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_FAILED' }),
    )
  }
})

test.each(['', 'x', "' OR 1=1", '=', 'A'.repeat(22)])('%j is no cursor (lesson 32)', (text) => {
  expect(() => readCursor(secrets, text)).toThrow(
    expect.objectContaining({ code: 'VALIDATION_FAILED' }),
  )
})

test('a cursor made under another secret is refused (lesson 32)', () => {
  const others = deriveApplicationSecrets(new Uint8Array(32).fill(2), null)
  expect(() => readCursor(others, writeCursor(secrets, position))).toThrow()
})
