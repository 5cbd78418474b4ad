import type { Kysely, Selectable, Transaction, UpdateObject } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type {
  EventDelivery,
  EventStream,
  EventStreamChange,
  EventStreamStore,
  OutgoingEvent,
} from '../../model/event-stream.ts'
import type { SqlDatabase } from './database.ts'
import type { EventStreamRow, Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export function sqlEventStreams(database: Pick<SqlDatabase, 'db' | 'dialect'>): EventStreamStore {
  const { db } = database
  return {
    create: (stream) => createStream(db, stream),
    find: (id) => findStream(db, id),
    list: () => listStreams(db),
    change: (id, change) => changeStream(db, id, change),
    delete: (id) => deleteStream(db, id),
    advance: (id, step) => inTransaction(database, (trx) => advance(trx, { id, ...step })),
    add: (id, event) => keepEvents(db, id, [event]),
    pending: (id, limit) => pendingEvents(db, id, limit),
    acknowledge: (id, jtis) => acknowledge(db, id, jtis),
    lease: (id, now, until) => lease(db, { id, now, until }),
    release: (id) => release(db, id),
  }
}

async function createStream(db: Kysely<Tables>, stream: EventStream): Promise<boolean> {
  const { id, clientId, audience, delivery, eventsRequested, description } = stream
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('event_streams')
    .values({
      id,
      client_id: clientId,
      audience,
      ...fromDelivery(delivery),
      events_requested: eventsRequested.join(' '),
      description,
      status: stream.status,
      status_reason: stream.statusReason,
      cursor: stream.cursor,
      created_at: stream.createdAt,
    })
    .onConflict((conflict) => conflict.column('client_id').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

async function findStream(db: Kysely<Tables>, id: string): Promise<EventStream | null> {
  const row = await db
    .selectFrom('event_streams')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toStream(row) : null
}

async function listStreams(db: Kysely<Tables>): Promise<EventStream[]> {
  const rows = await db
    .selectFrom('event_streams')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toStream)
}

async function changeStream(
  db: Kysely<Tables>,
  id: string,
  change: EventStreamChange,
): Promise<boolean> {
  const columns = changedColumns(change)
  if (Object.keys(columns).length === 0) return (await findStream(db, id)) !== null
  const { numUpdatedRows } = await db
    .updateTable('event_streams')
    .set(columns)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

function changedColumns(change: EventStreamChange): UpdateObject<Tables, 'event_streams'> {
  const { audience, delivery, eventsRequested, description, status, statusReason } = change
  return {
    ...(audience !== undefined && { audience }),
    ...(delivery !== undefined && fromDelivery(delivery)),
    ...(eventsRequested !== undefined && { events_requested: eventsRequested.join(' ') }),
    ...(description !== undefined && { description }),
    ...(status !== undefined && { status }),
    ...(statusReason !== undefined && { status_reason: statusReason }),
  }
}

async function deleteStream(db: Kysely<Tables>, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('event_streams')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

async function advance(
  trx: Transaction<Tables>,
  step: { id: string; from: string; to: string; events: readonly OutgoingEvent[] },
): Promise<boolean> {
  const { id, from, to, events } = step
  const { numUpdatedRows } = await trx
    .updateTable('event_streams')
    .set({ cursor: to })
    .where('id', '=', id)
    .where('cursor', '=', from)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) return false
  await keepEvents(trx, id, events)
  return true
}

/** One that is kept already is not kept twice. */
async function keepEvents(
  db: Kysely<Tables>,
  streamId: string,
  events: readonly OutgoingEvent[],
): Promise<void> {
  if (events.length === 0) return
  await db
    .insertInto('outgoing_events')
    .values(events.map(({ jti, claims }) => ({ stream_id: streamId, jti, claims })))
    .onConflict((conflict) => conflict.columns(['stream_id', 'jti']).doNothing())
    .execute()
}

async function pendingEvents(
  db: Kysely<Tables>,
  streamId: string,
  limit: number,
): Promise<OutgoingEvent[]> {
  return await db
    .selectFrom('outgoing_events')
    .select(['jti', 'claims'])
    .where('stream_id', '=', streamId)
    .orderBy('id')
    .limit(limit)
    .execute()
}

async function acknowledge(
  db: Kysely<Tables>,
  streamId: string,
  jtis: readonly string[],
): Promise<void> {
  if (jtis.length === 0) return
  await db
    .deleteFrom('outgoing_events')
    .where('stream_id', '=', streamId)
    .where('jti', 'in', jtis)
    .execute()
}

async function lease(
  db: Kysely<Tables>,
  { id, now, until }: { id: string; now: EpochSeconds; until: EpochSeconds },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('event_streams')
    .set({ leased_until: until })
    .where('id', '=', id)
    .where('leased_until', '<=', now)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

async function release(db: Kysely<Tables>, id: string): Promise<void> {
  await db.updateTable('event_streams').set({ leased_until: 0 }).where('id', '=', id).execute()
}

function fromDelivery(delivery: EventDelivery) {
  return delivery.method === 'push'
    ? { push_url: delivery.url, sealed_authorization: delivery.sealedAuthorization }
    : { push_url: null, sealed_authorization: null }
}

function toStream(row: Selectable<EventStreamRow>): EventStream {
  return {
    id: row.id,
    clientId: row.client_id,
    audience: row.audience,
    delivery:
      row.push_url === null
        ? { method: 'poll' }
        : { method: 'push', url: row.push_url, sealedAuthorization: row.sealed_authorization },
    eventsRequested: row.events_requested === '' ? [] : row.events_requested.split(' '),
    description: row.description,
    status: row.status,
    statusReason: row.status_reason,
    cursor: row.cursor,
    createdAt: row.created_at,
  }
}
