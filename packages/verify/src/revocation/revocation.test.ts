import { expect, test } from 'vitest'
import { parseEntry } from './revocation.ts'

test.each([
  [['s', 'ses_1', 900], { kind: 'session', key: 'ses_1', floor: 0, expiresAt: 900 }],
  [['k', 'kid', 900], { kind: 'key', key: 'kid', floor: 0, expiresAt: 900 }],
  [['u', 'usr_1', 7, 900], { kind: 'user', key: 'usr_1', floor: 7, expiresAt: 900 }],
  [['r', 'editor', 7, 900], { kind: 'role', key: 'editor', floor: 7, expiresAt: 900 }],
  [['c', 'cli_1', 7, 900], { kind: 'client', key: 'cli_1', floor: 7, expiresAt: 900 }],
])('%j is read', (entry, expected) => {
  expect(parseEntry(entry)).toEqual(expected)
})

test.each([[['x', 'what', 'ever']], [['S', 'ses_1', 900]], [[7]], [[]]])(
  'the kind of %j is not known, and passed over',
  (entry) => {
    expect(parseEntry(entry)).toBeNull()
  },
)

test.each([
  [null],
  ['s'],
  [{}],
  [['s']],
  [['s', 'ses_1']],
  [['s', 'ses_1', 7, 900]],
  [['s', 'ses_1', '900']],
  [['s', 'ses_1', -1]],
  [['s', 'ses_1', 1.5]],
  [['s', '', 900]],
  [['s', 7, 900]],
  [['s', 'x'.repeat(513), 900]],
  [['u', 'usr_1', 900]],
  [['u', 'usr_1', -1, 900]],
  [['u', 'usr_1', 0, 900]],
  [['u', 'usr_1', 2 ** 32, 900]],
  [['u', 'usr_1', 7, null]],
])('%j is malformed', (entry) => {
  expect(() => parseEntry(entry)).toThrow(TypeError)
})
