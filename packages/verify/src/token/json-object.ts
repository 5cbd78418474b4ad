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
  if (settle(value, 1) !== countMembers(bytes)) {
    throw new TokenError('TOKEN_INVALID', 'a member twice')
  }
  return value
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

/** Freezes a tree, takes the prototypes of its objects away, and counts their members. */
function settle(tree: Record<string, unknown>, depth: number): number {
  if (depth > maxDepth) throw new TokenError('TOKEN_INVALID', 'JSON too deep')
  return Array.isArray(tree) ? settleList(tree, depth) : settleObject(tree, depth)
}

function settleList(list: readonly unknown[], depth: number): number {
  let members = 0
  for (const value of list) {
    if (isObject(value)) members += settle(value, depth + 1)
  }
  Object.freeze(list)
  return members
}

function settleObject(object: Record<string, unknown>, depth: number): number {
  // Claims are looked up by names that callers choose: none of them may find an inherited member.
  Object.setPrototypeOf(object, null)
  let members = 0
  for (const name in object) {
    if (name === '__proto__') throw new TokenError('TOKEN_INVALID', 'a __proto__ member')
    const value = object[name]
    members += 1
    if (isObject(value)) members += settle(value, depth + 1)
  }
  Object.freeze(object)
  return members
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/** Counts the members written in valid JSON: its colons outside of strings. */
function countMembers(json: Uint8Array): number {
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
