import type { Call } from './client.ts'

/** A body that is no JSON object of ours at all, and what may be answered. */
export interface BrokenBody extends Pick<Call, 'bytes' | 'chunked' | 'headers'> {
  readonly name: string
  readonly statuses: readonly number[]
  /** Refused by a JSON parser in front of the authority, if there is one. */
  readonly answeredInFront?: true
  /** Put right by a JSON parser in front of the authority. */
  readonly mendedInFront?: true
  /** Its media type is none. */
  readonly isMalformed?: true
}

const json = { 'content-type': 'application/json' }
const depth = 30_000
const megabyte = 2 ** 20

/** Bodies that break before they reach a schema. `good` is a body that would not. */
export function broken(good: object | undefined): BrokenBody[] {
  const text = JSON.stringify(good)
  const huge = JSON.stringify({ ...good, filler: 'x'.repeat(megabyte) })
  const nested = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
  return [
    { name: 'deeply nested', bytes: nested, headers: json, statuses: [400] },
    {
      name: 'deeply nested, over the limit',
      bytes: '['.repeat(2 * depth) + ']'.repeat(2 * depth),
      headers: json,
      statuses: [413],
      answeredInFront: true,
    },
    {
      name: 'a megabyte with its length',
      bytes: huge,
      headers: json,
      statuses: [413],
      answeredInFront: true,
    },
    {
      name: 'a megabyte in chunks',
      bytes: huge,
      chunked: true,
      headers: json,
      statuses: [413],
      answeredInFront: true,
    },
    ...['{', '{"a":1', "{'a':1}", '{"a":1}{"b":2}', 'undefined', '{"a":NaN}', '\u0000'].map(
      (bytes): BrokenBody => ({
        name: `${JSON.stringify(bytes)} as JSON`,
        bytes,
        headers: json,
        statuses: [400],
        answeredInFront: true,
      }),
    ),
    {
      name: 'invalid UTF-8',
      bytes: Buffer.concat([
        Buffer.from('{"email":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}'),
      ]),
      headers: json,
      statuses: [400],
    },
    {
      name: 'a byte order mark',
      bytes: `\ufeff${text}`,
      headers: json,
      statuses: [400],
      mendedInFront: true,
    },
    { name: '__proto__', bytes: withProto(text), headers: json, statuses: [400] },
    {
      name: 'constructor.prototype',
      bytes: '{"constructor":{"prototype":{"isAdmin":true}}}',
      headers: json,
      statuses: [400],
    },
    { name: 'no content type', bytes: text, statuses: [415] },
    {
      name: 'two content types',
      bytes: text,
      headers: { 'content-type': 'application/json, text/plain' },
      statuses: [415],
      isMalformed: true,
    },
    ...wrongContentTypes.map(
      (contentType): BrokenBody => ({
        name: contentType,
        bytes: text,
        headers: { 'content-type': contentType },
        statuses: [415],
        answeredInFront: true,
      }),
    ),
  ]
}

function withProto(text: string): string {
  return text.replace('{', `{"__proto__":{"role":"admin"}${text === '{}' ? '' : ','}`)
}

const wrongContentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json5',
  'application/jsonp',
  'application/problem+json',
  'application/json; charset=utf-16',
  'text/json',
]
