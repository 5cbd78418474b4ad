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
  const text = bytes.toString('utf8')
  const value = parse(text)
  if (!isObject(value) || Array.isArray(value)) {
    throw new TokenError('TOKEN_INVALID', 'not a JSON object')
  }
  // Of two members with one name the parser keeps one.
  const kept = settle(value, 1)
  if (kept !== countMembers(text)) throw new TokenError('TOKEN_INVALID', 'a member twice')
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
function settle(tree: object, depth: number): number {
  if (depth > maxDepth) throw new TokenError('TOKEN_INVALID', 'JSON too deep')
  if (Object.hasOwn(tree, '__proto__')) throw new TokenError('TOKEN_INVALID', 'a __proto__ member')
  const isArray = Array.isArray(tree)
  const values: unknown[] = Object.values(tree)
  let members = isArray ? 0 : values.length
  for (const value of values) {
    if (isObject(value)) members += settle(value, depth + 1)
  }
  // Claims are looked up by names that callers choose: none of them may find an inherited member.
  if (!isArray) Object.setPrototypeOf(tree, null)
  Object.freeze(tree)
  return members
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a

/** Counts the members written in valid JSON: its colons outside of strings. */
function countMembers(json: string): number {
  let members = 0
  let isInString = false
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === backslash) at += 1
    else if (code === quote) isInString = !isInString
    else if (code === colon && !isInString) members += 1
  }
  return members
}
