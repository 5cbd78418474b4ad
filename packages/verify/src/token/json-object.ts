import { isUtf8 } from 'node:buffer'
import { TokenError } from './token-error.ts'

/** An object parsed from JSON, deeply frozen. Its objects have no prototype. */
export type JsonObject = Readonly<Record<string, unknown>>

const maxDepth = 16

/**
 * Parses a JSON object, strictly: UTF-8 without a byte order mark, no member twice, none
 * called `__proto__`, no deeper than 16.
 *
 * @throws {TokenError} `TOKEN_INVALID`
 * @see RFC 7519 §4 (duplicate names), RFC 8725 §3.7 (UTF-8)
 */
export function parseJsonObject(bytes: Buffer): JsonObject {
  if (!isUtf8(bytes)) throw new TokenError('TOKEN_INVALID', 'not UTF-8')
  const value = parse(bytes.toString('utf8'))
  if (!isObject(value) || Array.isArray(value)) {
    throw new TokenError('TOKEN_INVALID', 'not a JSON object')
  }
  // Of two members with one name the parser keeps one.
  if (countMembers(value, 1) !== countWrittenMembers(bytes)) {
    throw new TokenError('TOKEN_INVALID', 'a member twice')
  }
  return settle(value) as JsonObject
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Its message quotes the text.
    throw new TokenError('TOKEN_INVALID', 'not JSON')
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Counts the members of all objects of a tree, and refuses what must not be in it. */
function countMembers(tree: object, depth: number): number {
  if (depth > maxDepth) throw new TokenError('TOKEN_INVALID', 'JSON too deep')
  if (Object.hasOwn(tree, '__proto__')) throw new TokenError('TOKEN_INVALID', 'a __proto__ member')
  const values: unknown[] = Object.values(tree)
  let members = Array.isArray(tree) ? 0 : values.length
  for (const value of values) {
    if (isObject(value)) members += countMembers(value, depth + 1)
  }
  return members
}

/**
 * Copies a tree, frozen, with objects that have no prototype: claims are looked up by names
 * that callers choose, and none of them may find an inherited member.
 */
function settle(value: unknown): unknown {
  if (!isObject(value)) return value
  if (Array.isArray(value)) return Object.freeze(value.map(settle))
  // To take the prototype from the object that was parsed is slower, and so is, on Node 22,
  // every look into it from then on.
  const copy: Record<string, unknown> = { ...value, __proto__: null }
  for (const name in copy) {
    if (isObject(copy[name])) copy[name] = settle(copy[name])
  }
  return Object.freeze(copy)
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/** Counts the members written in valid JSON: its colons outside of strings. */
function countWrittenMembers(json: Uint8Array): number {
  let members = 0
  for (let at = 0; at < json.length; at += 1) {
    if (json[at] === colon) members += 1
    else if (json[at] === quote) at = endOfString(json, at + 1)
  }
  return members
}

/** Where the quotation mark is that ends a string. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return at
}
