import { expect, test } from 'vitest'
import { printable, printableJson } from './printable.ts'

test('letters, accents, ideographs and emoji stay as they are', () => {
  expect(printable('Ada É 明日 🦊')).toBe('Ada É 明日 🦊')
})

test.each([
  ['an escape sequence', '\u{1b}[31m'],
  ['a control of the other set', '\u{9b}31m'],
  ['a tab', '\t'],
  ['a line break', '\n'],
  ['a change of direction', '\u{202e}'],
  ['text that takes no room', '\u{200b}'],
  ['a line separator', '\u{2028}'],
  ['half a character', '\u{d800}'],
])('%s is replaced', (_what, text) => {
  expect(printable(`a${text}b`)).toBe(`a\u{FFFD}${text.slice(1)}b`)
})

test('JSON says the same as before', () => {
  const value = { text: 'a\u{1b}\u{9b}\u{202e}\u{2028}\u{e0001}\n"\\', list: [1, null] }
  expect(JSON.parse(printableJson(value, 2))).toEqual(value)
})

test('JSON holds nothing that acts on a terminal but its own line breaks', () => {
  const text = printableJson({ text: '\u{9b}\u{202e}\u{200b}\u{e0001}' }, 2)
  expect(text).toBe('{\n  "text": "\\u009b\\u202e\\u200b\\udb40\\udc01"\n}')
})
