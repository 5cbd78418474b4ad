import type { Transaction } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import { type Revocation, revocationSeconds } from '../../model/revocation.ts'
import type { SqlDatabase } from './database.ts'
import type { Doorbell } from './doorbell.ts'
import type { Tables } from './tables.ts'

/** Where stores write that end what was issued. */
export interface LedgerWriter extends Pick<SqlDatabase, 'db'> {
  readonly doorbell: Doorbell
}

/** Writes an entry that holds from `at` on. */
export type Revoke = (entry: Omit<Revocation, 'expiresAt'>, at: EpochSeconds) => Promise<void>

/**
 * Runs a transaction that may revoke: its entries are committed with their cause or not at all.
 * Who listens hears of them before the caller goes on.
 */
export async function revoking<Result>(
  { db, doorbell }: LedgerWriter,
  work: (trx: Transaction<Tables>, revoke: Revoke) => Promise<Result>,
): Promise<Result> {
  const entries: Revocation[] = []
  const result = await db.transaction().execute((trx) =>
    work(trx, async (entry, at) => {
      const dated = { ...entry, expiresAt: at + revocationSeconds }
      await trx.insertInto('revocations').values(fromRevocation(dated)).execute()
      entries.push(dated)
    }),
  )
  if (entries.length > 0) doorbell.ring(entries)
  return result
}

function fromRevocation({ kind, key, floor, reason, expiresAt }: Revocation) {
  return { kind, key, floor, reason, expires_at: expiresAt }
}
