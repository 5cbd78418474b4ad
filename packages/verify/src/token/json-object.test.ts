import { expect, test } from 'vitest'
import { parseJsonObject } from './json-object.ts'

const parse = (text: string) => parseJsonObject(Buffer.from(text))

test('an object is parsed', () => {
  expect(parse('{"a":[1,{"b":"c:\\"d"}], "e" : null}')).toEqual({ a: [1, { b: 'c:"d' }], e: null })
})

test.each([
  ['empty', '{"":"","a":[""]}'],
  ['a colon', '{":":":","a":":"}'],
  ['an escaped quotation mark', '{"\\"":"\\":","a":"\\""}'],
  ['an escaped backslash at the end', '{"\\\\":"\\\\","a":"\\\\"}'],
  ['beyond ASCII', '{"ä:":"€:","𝄞":"𝄞:"}'],
])('members whose names and values are %s count as what they are', (_what, text) => {
  expect(parse(text)).toEqual(JSON.parse(text))
})

test('objects at every depth have no prototype', () => {
  const { a } = parse('{"a":{"b":1}}')
  expect(Object.getPrototypeOf(a)).toBeNull()
})

test('a name that callers choose finds no inherited member', () => {
  expect(parse('{}')['constructor']).toBeUndefined()
})

test('objects and arrays at every depth are frozen', () => {
  const { a } = parse('{"a":[{"b":1}]}') as { a: object[] }
  expect([Object.isFrozen(a), Object.isFrozen(a[0])]).toEqual([true, true])
})

test('lists keep their methods', () => {
  const { roles } = parse('{"roles":["admin"]}') as { roles: string[] }
  expect(roles.includes('admin')).toBe(true)
})

test.each([
  ['two members with one name', '{"a":1,"a":1}'],
  ['the same name in two spellings', '{"a":1,"\\u0061":2}'],
  ['a name twice inside', '{"a":[{"b":1,"b":2}]}'],
  ['a name twice whose first value is an object', '{"a":{"b":1},"a":1}'],
  ['a member called __proto__', '{"__proto__":{"admin":true}}'],
  ['__proto__ in another spelling, inside', '{"a":{"\\u005f_proto__":1}}'],
])('%s is refused (lesson 6)', (_what, text) => {
  expect(() => parse(text)).toThrow('not valid')
})

test.each(['', ' ', '[]', '"text"', '1', 'null', 'true', '{', '{"a":}', "{'a':1}", '{"a":1e}'])(
  'what is no JSON object is refused: %j',
  (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'TOKEN_INVALID' }))
  },
)

test('a byte order mark is refused', () => {
  expect(() => parse('\uFEFF{}')).toThrow(expect.objectContaining({ detail: 'not JSON' }))
})

test('bytes that are not UTF-8 are refused', () => {
  const bytes = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
  expect(() => parseJsonObject(bytes)).toThrow(expect.objectContaining({ detail: 'not UTF-8' }))
})

test('16 levels are parsed', () => {
  expect(() => parse(`{"a":${'['.repeat(15)}${']'.repeat(15)}}`)).not.toThrow()
})

test('17 levels are refused', () => {
  const nested = `{"a":${'['.repeat(16)}${']'.repeat(16)}}`
  expect(() => parse(nested)).toThrow(expect.objectContaining({ detail: 'JSON too deep' }))
})

test('as deep as a token can be is refused, not a stack overflow (lesson 8)', () => {
  const nested = `{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`
  expect(() => parse(nested)).toThrow(expect.objectContaining({ detail: 'JSON too deep' }))
})

test('the error holds nothing of the text', () => {
  let message = ''
  try {
    parse('{"password":hunter2}')
  } catch (error) {
    message = String((error as Error).stack) + String((error as Error).cause)
  }
  expect(message).not.toContain('hunter2')
})
