/**
 * Access tokens that are no longer good, told by what is in them.
 *
 * - `session`: those whose `sid` is `key`
 * - `user`: those whose `sub` is `key` and whose `tv` is below `floor`
 * - `role`: those whose `roles` hold `key` and whose `rv` is below `floor`
 * - `client`: those whose `client_id` is `key` and whose `tv` is below `floor`
 * - `key`: those signed under the `kid` that is `key`
 *
 * Entries may come twice, late and in any order: the highest floor of a key counts.
 */
export interface Revocation {
  readonly kind: 'session' | 'user' | 'role' | 'client' | 'key'
  readonly key: string
  /** Of `session` and `key` 0, and without meaning; of others at least 1. */
  readonly floor: number
  /** From here on no token it concerns is alive; seconds since 1970. */
  readonly expiresAt: number
}

const kinds: ReadonlyMap<unknown, Revocation['kind']> = new Map([
  ['s', 'session'],
  ['u', 'user'],
  ['r', 'role'],
  ['c', 'client'],
  ['k', 'key'],
])

/** Floors are counters; this many changes of one user do not happen. */
const maxFloor = 0xff_ff_ff_fe

/**
 * Reads an entry as the feed carries it: `["s", sid, exp]`, `["u", sub, floor, exp]` and so on.
 *
 * @returns `null` for a kind of a later version: what it means is not known, and not needed by
 *   this one.
 * @throws {TypeError} The entry is of a known kind and not well-formed.
 */
export function parseEntry(entry: unknown): Revocation | null {
  if (!Array.isArray(entry)) throw new TypeError('an entry is not a list')
  const [code, key, ...numbers] = entry as unknown[]
  const kind = kinds.get(code)
  if (kind === undefined) return null
  const [floor, expiresAt] = hasFloor(kind) ? numbers : [0, ...numbers]
  const fits = numbers.length === (hasFloor(kind) ? 2 : 1)
  if (!fits || !isKey(key) || !isFloor(kind, floor) || !isCount(expiresAt)) {
    throw new TypeError(`an entry of kind ${kind} is malformed`)
  }
  return { kind, key, floor, expiresAt }
}

function hasFloor(kind: Revocation['kind']): boolean {
  return kind !== 'session' && kind !== 'key'
}

function isFloor(kind: Revocation['kind'], value: unknown): value is number {
  return isCount(value, maxFloor) && value >= (hasFloor(kind) ? 1 : 0)
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 512
}

function isCount(value: unknown, max: number = Number.MAX_SAFE_INTEGER): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max
}
