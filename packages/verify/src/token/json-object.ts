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
  const members = settle(value, 1)
  if (members !== countMembers(text)) throw new TokenError('TOKEN_INVALID', 'a member twice')
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

/** Freezes a value, takes its prototypes away, and counts its members. */
function settle(value: unknown, depth: number): number {
  if (!isObject(value)) return 0
  if (depth > maxDepth) throw new TokenError('TOKEN_INVALID', 'JSON too deep')
  const members = Array.isArray(value) ? settleItems(value, depth) : settleMembers(value, depth)
  Object.freeze(value)
  return members
}

function settleItems(items: readonly unknown[], depth: number): number {
  let members = 0
  for (const item of items) members += settle(item, depth + 1)
  return members
}

function settleMembers(object: Record<string, unknown>, depth: number): number {
  const names = Object.keys(object)
  if (names.includes('__proto__')) throw new TokenError('TOKEN_INVALID', 'a __proto__ member')
  let members = names.length
  for (const name of names) members += settle(object[name], depth + 1)
  Object.setPrototypeOf(object, null)
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
