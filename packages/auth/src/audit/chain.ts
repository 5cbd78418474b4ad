import { createHash, createHmac, type KeyObject } from 'node:crypto'
import { isEqualConstantTime } from '../base/constant-time.ts'
import { fromBase64Url, toBase64Url } from '../base/encoding.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { AuditEvent, AuditRecord, ChainedEvents, ChainStep } from '../model/audit.ts'

/** Where a chain ends. */
export interface ChainHead {
  readonly position: number
  readonly hash: Uint8Array
}

/** Before the first event. */
export const emptyChain: ChainHead = { position: 0, hash: new Uint8Array(32) }

/** Adds events to the chain, and signs its new end. */
export function chainEvents(
  secrets: ApplicationSecrets,
  { head: written, events }: ChainStep,
): ChainedEvents {
  let head = written === null ? emptyChain : parseHead(written)
  const links = events.map((event) => {
    head = { position: head.position + 1, hash: hashEvent(head.hash, event) }
    return head
  })
  return { head: formatHead(secrets.current.audit, head), links }
}

/**
 * @exportedForTest
 *
 * The hash of an event and, through the hash before, of all events before: SHA-256 over that hash
 * and the members as a JSON array, in this order.
 *
 * @exportedForTest
 */
export function hashEvent(before: Uint8Array, event: AuditEvent): Uint8Array {
  const { at, type, actor, subject, sessionId, network, outcome, reason } = event
  const members = [at, type, actor, subject, sessionId, network, outcome, reason]
  const hash = createHash('sha256').update(before).update(JSON.stringify(members))
  return new Uint8Array(hash.digest())
}

/**
 * Follows the chain over its next events.
 *
 * @returns Its end after them, or the position of the first that does not fit.
 */
export function followChain(
  head: ChainHead,
  records: readonly AuditRecord[],
): { readonly head: ChainHead } | { readonly brokenAt: number } {
  let end = head
  for (const record of records) {
    const expected = { position: end.position + 1, hash: hashEvent(end.hash, record) }
    const isNext = record.position === expected.position
    if (!isNext || !record.hash || !isEqualConstantTime(record.hash, expected.hash)) {
      return { brokenAt: expected.position }
    }
    end = expected
  }
  return { head: end }
}

/** Whether the end, as it was kept apart, was signed with a secret of this installation. */
export function isGenuineHead(secrets: ApplicationSecrets, written: string): boolean {
  const { position, hash } = parseHead(written)
  return [secrets.current, secrets.previous].some(
    (keys) => keys && formatHead(keys.audit, { position, hash }) === written,
  )
}

/** @throws {Error} It is not one. */
export function parseHead(written: string): ChainHead {
  const [position, hash] = written.split('.')
  const bytes = fromBase64Url(hash ?? '')
  if (!/^\d{1,15}$/.test(position ?? '') || bytes?.byteLength !== 32) {
    throw new Error('the end of the audit chain is damaged')
  }
  return { position: Number(position), hash: bytes }
}

function formatHead(key: KeyObject, { position, hash }: ChainHead): string {
  const content = `${position}.${toBase64Url(hash)}`
  return `${content}.${toBase64Url(createHmac('sha256', key).update(content).digest())}`
}
