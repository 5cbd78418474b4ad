import { expect, test } from 'vitest'
import { z } from 'zod'
import { AuthError } from '../base/errors.ts'
import { parseMember, text } from './validation.ts'

const schema = z.strictObject({ name: text({ max: 5 }), age: z.int().min(1).optional() })

function problemsOf(value: unknown): unknown {
  try {
    parseMember(schema, value)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError)
    return (error as AuthError).errors?.map(({ path, code }) => `${path} ${code}`)
  }
}

test('what fits is returned', () => {
  expect(parseMember(schema, { name: 'Ada', age: 3 })).toEqual({ name: 'Ada', age: 3 })
})

test('every problem is named at once', () => {
  expect(problemsOf({ age: 'x', role: 'admin' })).toEqual([
    'name REQUIRED',
    'age WRONG_TYPE',
    'role UNKNOWN_MEMBER',
  ])
})

test.each([
  ['an own __proto__', '{"name":"Ada","__proto__":{"role":"admin"}}', ['__proto__ UNKNOWN_MEMBER']],
  ['a constructor', '{"name":"Ada","constructor":1}', ['constructor UNKNOWN_MEMBER']],
  ['null', 'null', [' WRONG_TYPE']],
  ['an array', '[]', [' WRONG_TYPE']],
  ['a long name', '{"name":"Augusta"}', ['name TOO_LONG']],
  ['an empty name', '{"name":""}', ['name TOO_SHORT']],
  ['NUL', '{"name":"a\\u0000"}', ['name INVALID']],
  ['a lone surrogate', '{"name":"\\ud800"}', ['name INVALID']],
  ['a line break', '{"name":"a\\nb"}', ['name INVALID']],
  ['an operator object', '{"name":{"$gt":""}}', ['name WRONG_TYPE']],
])('%s is refused (G12)', (_name, json, problems) => {
  expect(problemsOf(JSON.parse(json))).toEqual(problems)
})

test('the answer to a thousand problems is short', () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`m${i}`, i]))
  expect((problemsOf(many) as unknown[]).length).toBe(20)
})
