import type { Operation, Parameter, Schema } from './contract.ts'

/** A body that must not be accepted, and how bad it is. */
export interface BadBody {
  readonly name: string
  readonly body: unknown
  /** The member an answer must point at; `undefined` where another rule may come first. */
  readonly path?: string
}

/** Bodies that break a schema in one place each, made from the schema alone. */
export function badBodies({ requestBody }: Operation): BadBody[] {
  const schema = requestBody?.content['application/json']?.schema
  if (!schema) return []
  const good = goodValue(schema) as Record<string, unknown>
  const { properties = {}, required = [] } = schema
  return [
    ...Object.entries(properties).flatMap(([name, member]) =>
      badValues(member).map(({ kind, value, isCertain }) => ({
        name: `${name} is ${kind}`,
        body: { ...good, [name]: value },
        ...(isCertain && { path: name }),
      })),
    ),
    ...required.map((name) => ({
      name: `${name} is missing`,
      body: without(good, name),
      path: name,
    })),
    ...unknownMembers
      .filter((name) => !(name in properties))
      .map((name) => ({ name: `${name} is too much`, body: { ...good, [name]: 'admin' } })),
    { name: 'an array', body: [good] },
    { name: 'a string', body: 'text' },
    { name: 'a number', body: 7 },
    { name: 'null', body: null },
  ]
}

// What a body must not say of its sender is tried everywhere (lesson 19).
const unknownMembers = [
  'unknown',
  'role',
  'isAdmin',
  'userId',
  'sub',
  'tokenVersion',
  'passwordHash',
  'constructor',
  'toString',
]

interface BadValue {
  readonly kind: string
  readonly value: unknown
  /** Its type alone makes it wrong, whatever else is. */
  readonly isCertain: boolean
}

const samples: Readonly<Record<string, unknown>> = {
  null: null,
  number: 12_345_678.5,
  boolean: true,
  string: 'text',
  array: ['text'],
  object: { $gt: '' },
}

function badValues(schema: Schema): BadValue[] {
  const types = typesOf(schema)
  const wrong = Object.entries(samples)
    .filter(([type]) => !types.includes(type))
    .map(([type, value]) => ({ kind: `of type ${type}`, value, isCertain: true }))
  const long = 'x'.repeat(longest(schema) + 1)
  const texts: BadValue[] = [
    { kind: 'too long', value: long, isCertain: true },
    { kind: 'text with NUL', value: 'some\u0000text here', isCertain: false },
    { kind: 'text with half a character', value: 'some\ud800text here', isCertain: false },
  ]
  const arrays: BadValue[] = [
    { kind: 'an array of numbers', value: [7], isCertain: false },
    { kind: 'an array of arrays', value: [['a']], isCertain: false },
    { kind: 'too many', value: Array.from({ length: 101 }, (_, i) => `r${i}`), isCertain: false },
    { kind: 'text with NUL', value: ['some\u0000text'], isCertain: false },
  ]
  return [
    ...wrong,
    ...(types.includes('string') ? texts : []),
    ...(types.includes('array') ? arrays : []),
  ]
}

function typesOf({ type, anyOf = [] }: Schema): string[] {
  return type ? [type] : anyOf.flatMap(typesOf)
}

function longest({ maxLength, anyOf = [] }: Schema): number {
  return Math.max(maxLength ?? 0, ...anyOf.map(longest), 64)
}

/** A value a schema accepts: members that are required, and no others. */
export function goodValue(schema: Schema): unknown {
  const { type, anyOf, format, example, properties = {}, required = [] } = schema
  if (example !== undefined) return example
  if (schema.enum) return schema.enum[0]
  if (anyOf?.[0]) return goodValue(anyOf[0])
  if (format === 'password') return 'violet-harbour-0-lantern'
  if (type === 'array') return []
  if (type === 'boolean') return true
  if (type !== 'object') return 'text'
  const members = Object.entries(properties).filter(([name]) => required.includes(name))
  return Object.fromEntries(members.map(([name, member]) => [name, goodValue(member)]))
}

function without(body: Readonly<Record<string, unknown>>, name: string): object {
  return Object.fromEntries(Object.entries(body).filter(([member]) => member !== name))
}

/** Query strings that must not be accepted. */
export function badQueries({ parameters }: Operation): string[] {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  if (inQuery.length === 0) return []
  return ['unknown=1', '__proto__=1', ...inQuery.flatMap(badQueriesOf)]
}

function badQueriesOf({ name, schema }: Parameter): string[] {
  const values = [
    '%00',
    '',
    'x'.repeat(300),
    ...(typesOf(schema)[0] === 'integer' ? notCounts : []),
  ]
  return [`${name}=a&${name}=b`, ...values.map((value) => `${name}=${value}`)]
}

const notCounts = ['0', '-1', '1.5', '1e99', 'NaN', '201', 'two']
