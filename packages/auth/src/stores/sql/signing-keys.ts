import type { Kysely, Transaction } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type { SigningKeyStore, StoredSigningKey } from '../../model/signing-key.ts'
import { writeAlong } from './along.ts'
import { type LedgerWriter, type Revoke, revoking } from './revoking.ts'
import type { SigningKeyRow, Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

export function sqlSigningKeys(ledger: LedgerWriter): SigningKeyStore {
  const { reserved: db, dialect } = ledger
  return {
    list: () => listKeys(db),
    add: (key, newestKid, along) =>
      inTransaction({ db, dialect }, async (trx) => {
        await dialect.takeTurn(trx, 'signing keys')
        const isAdded = await addKey(trx, key, newestKid)
        if (isAdded) await writeAlong(trx, along)
        return isAdded
      }),
    reseal: (kid, from, to) => resealKey(db, { kid, from, to }),
    delete: (kid) => deleteKey(db, kid),
    revoke: (kid, at, along) =>
      revoking(ledger, async (trx, revoke) => {
        const isRevoked = await revokeKey(trx, revoke, { kid, at })
        if (isRevoked) await writeAlong(trx, along)
        return isRevoked
      }),
  }
}

async function listKeys(db: Kysely<Tables>): Promise<StoredSigningKey[]> {
  const rows = await db
    .selectFrom('signing_keys')
    .selectAll()
    .orderBy('active_from')
    .orderBy('kid')
    .execute()
  return rows.map(toKey)
}

async function addKey(
  trx: Transaction<Tables>,
  key: StoredSigningKey,
  newestKid: string | null,
): Promise<boolean> {
  const newest = await trx
    .selectFrom('signing_keys')
    .select('kid')
    .orderBy('active_from', 'desc')
    .orderBy('kid', 'desc')
    .limit(1)
    .executeTakeFirst()
  if ((newest?.kid ?? null) !== newestKid) return false
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('signing_keys')
    .values(fromKey(key))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

async function resealKey(
  db: Kysely<Tables>,
  { kid, from, to }: { kid: string; from: string; to: string },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('signing_keys')
    .set({ sealed_private_key: to })
    .where('kid', '=', kid)
    .where('sealed_private_key', '=', from)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

async function deleteKey(db: Kysely<Tables>, kid: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('signing_keys')
    .where('kid', '=', kid)
    .executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

async function revokeKey(
  trx: Transaction<Tables>,
  revoke: Revoke,
  { kid, at }: { kid: string; at: EpochSeconds },
): Promise<boolean> {
  if (!(await deleteKey(trx, kid))) return false
  await revoke({ kind: 'key', key: kid, floor: 0, reason: 'key_compromised' }, at)
  return true
}

function toKey(row: SigningKeyRow): StoredSigningKey {
  return {
    kid: row.kid,
    algorithm: row.algorithm,
    publicJwk: row.public_jwk,
    sealedPrivateKey: row.sealed_private_key,
    createdAt: row.created_at,
    activeFrom: row.active_from,
  }
}

function fromKey(key: StoredSigningKey): SigningKeyRow {
  return {
    kid: key.kid,
    algorithm: key.algorithm,
    public_jwk: key.publicJwk,
    sealed_private_key: key.sealedPrivateKey,
    created_at: key.createdAt,
    active_from: key.activeFrom,
  }
}
