import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { deriveApplicationSecrets } from '../crypto/secrets.ts'
import type { AuditEvent } from '../model/audit.ts'
import type { Stores } from '../model/stores.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { chainEvents, hashEvent, isGenuineHead } from './chain.ts'
import { sealAll } from './sealer.ts'
import { verifyTrail } from './verify-trail.ts'

const secrets = deriveApplicationSecrets(new Uint8Array(32).fill(1), null)
const others = deriveApplicationSecrets(new Uint8Array(32).fill(2), null)

const event = (at: number): AuditEvent => ({
  at,
  type: 'login',
  actor: 'usr_a',
  subject: 'usr_a',
  sessionId: 'ses_1',
  network: '192.0.2.0/24',
  outcome: 'success',
  reason: null,
})

/** A trail of some events, sealed, in a database that a test may tamper with. */
async function withTrail(
  count: number,
  check: (
    stores: Stores,
    tamper: (statement: string) => void,
    verify: () => ReturnType<typeof verifyTrail>,
  ) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  const path = join(folder, 'audit.db')
  const stores = await openSqlStores({ url: `sqlite:${path}`, log: silentLogger })
  try {
    for (let at = 1; at <= count; at++) await stores.audit.append(event(at))
    await sealAll({ stores, secrets })
    const tamper = (statement: string) => {
      const database = new Database(path)
      database.exec(statement)
      database.close()
    }
    await check(stores, tamper, () => verifyTrail({ audit: stores.audit, secrets }))
  } finally {
    await stores.close()
    rmSync(folder, { recursive: true })
  }
}

test('the hash of an event depends on each of its members and on the hash before', () => {
  const before = new Uint8Array(32)
  const changes: Partial<AuditEvent>[] = [
    { at: 2 },
    { type: 'logout' },
    { actor: 'usr_b' },
    { subject: null },
    { sessionId: 'ses_2' },
    { network: null },
    { outcome: 'failure' },
    { reason: 'x' },
  ]
  const hashes = changes.map((change) => hashEvent(before, { ...event(1), ...change }))
  const all = [hashEvent(before, event(1)), hashEvent(before.fill(1), event(1)), ...hashes]
  expect(new Set(all.map((hash) => Buffer.from(hash).toString('hex'))).size).toBe(all.length)
})

test('a trail as it was written is intact, and what is not sealed yet is counted', async () => {
  await withTrail(450, async (stores, _, verify) => {
    await stores.audit.append(event(1000))
    expect(await verify()).toEqual({ intact: 450, broken: null, unsealed: 1 })
  })
})

test('an empty trail is intact', async () => {
  await withTrail(0, async (_, __, verify) => {
    expect(await verify()).toEqual({ intact: 0, broken: null, unsealed: 0 })
  })
})

test.each([
  ['a changed event', "UPDATE audit_events SET reason = 'x' WHERE position = 7", 7, 'changed'],
  ['a removed event', 'DELETE FROM audit_events WHERE position = 7', 7, 'changed'],
  [
    'two that changed places',
    'UPDATE audit_events SET position = CASE position WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE position IN (3, 4); UPDATE audit_events SET position = -position WHERE position < 0',
    3,
    'changed',
  ],
  ['a cut end', 'DELETE FROM audit_events WHERE position > 8', 9, 'cut_off'],
  ['no end at all', "DELETE FROM installation WHERE name = 'audit_head'", 11, 'head_forged'],
  [
    'an end that somebody else signed',
    `UPDATE installation SET value = '${chainEvents(others, { head: null, events: [] }).head}' WHERE name = 'audit_head'`,
    11,
    'head_forged',
  ],
] as const)('%s is found, and where', async (_, statement, at, reason) => {
  await withTrail(10, async (__, tamper, verify) => {
    tamper(statement)
    expect(await verify()).toMatchObject({ intact: at - 1, broken: { at, reason } })
  })
})

test('the end stays genuine while the application secret is being changed', () => {
  const { head } = chainEvents(secrets, { head: null, events: [] })
  const changed = { current: others.current, previous: secrets.current }
  expect(isGenuineHead(changed, head)).toBe(true)
  expect(isGenuineHead(others, head)).toBe(false)
})

test('an end that was left by events of before is gone on from', () => {
  const record = { ...event(1), id: 1, position: null, hash: null }
  const whole = chainEvents(secrets, { head: null, events: [record, record] })
  const first = chainEvents(secrets, { head: null, events: [record] })
  const second = chainEvents(secrets, { head: first.head, events: [record] })
  expect(second.head).toBe(whole.head)
  expect(second.links[0]).toEqual(whole.links[1])
})
