import type { Kysely, Selectable, Transaction } from 'kysely'
import type {
  AuditEvent,
  AuditQuery,
  AuditRecord,
  AuditStore,
  ChainedEvents,
  ChainStep,
} from '../../model/audit.ts'
import { fromAuditEvent } from './along.ts'
import type { SqlDatabase, SqlDialect } from './database.ts'
import type { AuditEventRow, Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

/** The row of `installation` that holds the end of the chain. */
const headName = 'audit_head'

export function sqlAudit(database: Pick<SqlDatabase, 'db' | 'dialect'>): AuditStore {
  const { db, dialect } = database
  return {
    async append(event) {
      await db.insertInto('audit_events').values(fromAuditEvent(event)).execute()
    },
    async seal(limit, chain) {
      // Most of the time there is nothing to do, and nobody must wait for that.
      if ((await selectUnsealed(db).limit(1).execute()).length === 0) return 0
      return inTransaction(database, (trx) => sealNext(trx, dialect, { limit, chain }))
    },
    list: (query) => listEvents(db, query),
    chain: (afterPosition, limit) => readChain(db, { afterPosition, limit }),
    head: () => readHead(db),
    countUnsealed: () => countUnsealed(db),
  }
}

async function sealNext(
  trx: Transaction<Tables>,
  dialect: SqlDialect,
  { limit, chain }: { limit: number; chain: (step: ChainStep) => ChainedEvents },
): Promise<number> {
  await dialect.takeTurn(trx, 'audit chain')
  const rows = await selectUnsealed(trx).orderBy('id').limit(limit).execute()
  if (rows.length === 0) return 0
  const before = await readHead(trx)
  const { head, links } = chain({ head: before, events: rows.map(toAuditRecord) })
  for (const [index, { position, hash }] of links.entries()) {
    const id = rows[index]?.id ?? 0
    await trx.updateTable('audit_events').set({ position, hash }).where('id', '=', id).execute()
  }
  await keepHead(trx, head)
  return rows.length
}

async function keepHead(trx: Transaction<Tables>, value: string): Promise<void> {
  await trx
    .insertInto('installation')
    .values({ name: headName, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

async function readHead(db: Kysely<Tables>): Promise<string | null> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', headName)
    .executeTakeFirst()
  return row?.value ?? null
}

function selectUnsealed(db: Kysely<Tables>) {
  return db.selectFrom('audit_events').selectAll().where('position', 'is', null)
}

async function listEvents(
  db: Kysely<Tables>,
  { userId, type, from, to, beforeId, limit }: AuditQuery,
): Promise<AuditRecord[]> {
  let query = db.selectFrom('audit_events').selectAll().orderBy('id', 'desc').limit(limit)
  if (userId !== undefined) {
    query = query.where((eb) => eb.or([eb('subject', '=', userId), eb('actor', '=', userId)]))
  }
  if (type !== undefined) query = query.where('type', '=', type as AuditEvent['type'])
  if (from !== undefined) query = query.where('at', '>=', from)
  if (to !== undefined) query = query.where('at', '<=', to)
  if (beforeId !== undefined) query = query.where('id', '<', beforeId)
  return (await query.execute()).map(toAuditRecord)
}

async function readChain(
  db: Kysely<Tables>,
  { afterPosition, limit }: { afterPosition: number; limit: number },
): Promise<AuditRecord[]> {
  const rows = await db
    .selectFrom('audit_events')
    .selectAll()
    .where('position', '>', afterPosition)
    .orderBy('position')
    .limit(limit)
    .execute()
  return rows.map(toAuditRecord)
}

async function countUnsealed(db: Kysely<Tables>): Promise<number> {
  const { count } = await db
    .selectFrom('audit_events')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('position', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

function toAuditRecord(row: Selectable<AuditEventRow>): AuditRecord {
  return {
    id: row.id,
    at: row.at,
    type: row.type,
    actor: row.actor,
    subject: row.subject,
    sessionId: row.session_id,
    network: row.network,
    outcome: row.outcome,
    reason: row.reason,
    position: row.position,
    hash: row.hash && new Uint8Array(row.hash),
  }
}
