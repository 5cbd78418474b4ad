import { type Kysely, sql, type Transaction } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type { ServiceClient, ServiceClientStore } from '../../model/service-client.ts'
import { writeAlong } from './along.ts'
import type { SqlDatabase } from './database.ts'
import { type LedgerWriter, type Revoke, revoking } from './revoking.ts'
import type { ServiceClientRow, Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export function sqlServiceClients(
  ledger: Pick<SqlDatabase, 'db'> & LedgerWriter,
): ServiceClientStore {
  const { db, reserved, dialect } = ledger
  return {
    create: (client, along) =>
      inTransaction(ledger, async (trx) => {
        await createClient(trx, client)
        await writeAlong(trx, along)
      }),
    // Who polls the feed is looked up each time.
    find: (id) => findClient(reserved, id),
    list: () => listClients(db),
    replaceSecret: (id, secretHash, along) =>
      inTransaction(ledger, async (trx) => {
        const isReplaced = await replaceSecret(trx, { id, secretHash })
        if (isReplaced) await writeAlong(trx, along)
        return isReplaced
      }),
    setStatus: (id, status, at, along) =>
      revoking(ledger, async (trx, revoke) => {
        await dialect.takeTurn(trx, `client ${id}`)
        const isThere = await setStatus(trx, revoke, { id, status, at })
        if (isThere) await writeAlong(trx, along)
        return isThere
      }),
    delete: (id, at, along) =>
      revoking(ledger, async (trx, revoke) => {
        const isDeleted = await deleteClient(trx, revoke, { id, at })
        if (isDeleted) await writeAlong(trx, along)
        return isDeleted
      }),
    takeOnce: (value, expiresAt, now) => takeOnce(db, { value, expiresAt, now }),
  }
}

async function createClient(db: Kysely<Tables>, client: ServiceClient): Promise<void> {
  await db.insertInto('service_clients').values(fromClient(client)).execute()
}

async function findClient(db: Kysely<Tables>, id: string): Promise<ServiceClient | null> {
  const row = await db
    .selectFrom('service_clients')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toClient(row) : null
}

async function listClients(db: Kysely<Tables>): Promise<ServiceClient[]> {
  const rows = await db
    .selectFrom('service_clients')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toClient)
}

async function replaceSecret(
  db: Kysely<Tables>,
  { id, secretHash }: { id: string; secretHash: Uint8Array },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('service_clients')
    .set({ secret_hash: secretHash })
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

async function setStatus(
  trx: Transaction<Tables>,
  revoke: Revoke,
  { id, status, at }: { id: string; status: ServiceClient['status']; at: EpochSeconds },
): Promise<boolean> {
  const current = await findClient(trx, id)
  if (!current) return false
  if (current.status === status) return true
  const isEnd = status === 'disabled'
  await trx
    .updateTable('service_clients')
    .set({ status, ...(isEnd && { token_version: sql`token_version + 1` }) })
    .where('id', '=', id)
    .execute()
  if (isEnd) await revokeBelow(revoke, { id, floor: current.tokenVersion + 1, at })
  return true
}

async function deleteClient(
  trx: Transaction<Tables>,
  revoke: Revoke,
  { id, at }: { id: string; at: EpochSeconds },
): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('service_clients')
    .where('id', '=', id)
    .returning('token_version')
    .executeTakeFirst()
  if (!deleted) return false
  await revokeBelow(revoke, { id, floor: deleted.token_version + 1, at })
  return true
}

function revokeBelow(
  revoke: Revoke,
  { id, floor, at }: { id: string; floor: number; at: EpochSeconds },
): Promise<void> {
  return revoke({ kind: 'client', key: id, floor, reason: 'client_disabled' }, at)
}

async function takeOnce(
  db: Kysely<Tables>,
  { value, expiresAt, now }: { value: string; expiresAt: EpochSeconds; now: EpochSeconds },
): Promise<boolean> {
  await db.deleteFrom('taken_values').where('expires_at', '<', now).execute()
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('taken_values')
    .values({ value, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

function toClient(row: ServiceClientRow): ServiceClient {
  return {
    id: row.id,
    name: row.name,
    // Scope tokens hold no space (RFC 6749 §3.3).
    scopes: row.scopes === '' ? [] : row.scopes.split(' '),
    secretHash: row.secret_hash && new Uint8Array(row.secret_hash),
    jwks: row.jwks,
    status: row.status,
    tokenVersion: row.token_version,
    createdAt: row.created_at,
  }
}

function fromClient(client: ServiceClient): ServiceClientRow {
  return {
    id: client.id,
    name: client.name,
    scopes: client.scopes.join(' '),
    secret_hash: client.secretHash,
    jwks: client.jwks,
    status: client.status,
    token_version: client.tokenVersion,
    created_at: client.createdAt,
  }
}
