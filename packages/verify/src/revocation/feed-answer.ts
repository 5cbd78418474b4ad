import { parseEntry, type Revocation } from './revocation.ts'

/** Entries from a hub, and where they lead. */
export interface FeedPart {
  /** Names the ledger. */
  readonly feed: string
  readonly cursor: string
  readonly entries: readonly Revocation[]
  /** Of kinds that this version does not know. */
  readonly unknownEntries: number
}

/** An answer to a poll. */
export interface FeedAnswer extends FeedPart {
  /** How long the hub held the request, in milliseconds of its monotonic clock. */
  readonly heldMs: number
  /** What the poll carried: an answer to another one says nothing of now. */
  readonly nonce: string
  /** How long before the answer the read began that proves it complete. */
  readonly ageMs: number
}

/** A page of a snapshot; `next` leads to the next one. */
export interface SnapshotPage extends FeedPart {
  readonly next: string | null
}

/** @throws {TypeError} The answer is not well-formed; nothing of it may be used. */
export function parseFeedAnswer(text: string): FeedAnswer {
  const body = parseBody(text)
  const { held_ms: heldMs, age_ms: ageMs, nonce } = body
  if (!isDuration(heldMs) || !isDuration(ageMs)) throw new TypeError('an answer without its age')
  if (!isName(nonce)) throw new TypeError('an answer without the nonce of its poll')
  return { ...parsePart(body), heldMs, ageMs, nonce }
}

/** @throws {TypeError} The page is not well-formed; nothing of it may be used. */
export function parseSnapshotPage(text: string): SnapshotPage {
  const body = parseBody(text)
  const { next } = body
  if (next !== null && !isName(next)) throw new TypeError('a page that says nothing of the next')
  return { ...parsePart(body), next }
}

/**
 * Whether a token is active (RFC 7662 §2.2).
 *
 * @throws {TypeError} The answer does not say so: it is neither yes nor no.
 */
export function parseIntrospection(text: string): boolean {
  const { active } = parseBody(text)
  if (typeof active !== 'boolean') throw new TypeError('an introspection that says nothing')
  return active
}

function parseBody(text: string): Record<string, unknown> {
  const body: unknown = JSON.parse(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new TypeError('an answer that is no object')
  }
  return body as Record<string, unknown>
}

function parsePart({ v, feed, cursor, entries }: Record<string, unknown>): FeedPart {
  if (v !== 1) throw new TypeError('an answer of another version')
  if (!isName(feed) || !isName(cursor)) throw new TypeError('an answer without feed and cursor')
  if (!Array.isArray(entries)) throw new TypeError('an answer without entries')
  const parsed = entries.map(parseEntry)
  const known = parsed.filter((entry) => entry !== null)
  return { feed, cursor, entries: known, unknownEntries: parsed.length - known.length }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 1024
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
