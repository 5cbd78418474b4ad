import type { Transaction } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import { type Revocation, revocationSeconds } from '../../model/revocation.ts'
import type { SqlDatabase } from './database.ts'
import type { Doorbell } from './doorbell.ts'
import type { Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'

/** Where stores write that end what was issued. */
export interface LedgerWriter extends Pick<SqlDatabase, 'reserved' | 'dialect'> {
  readonly doorbell: Doorbell
}

/** Writes an entry that holds from `at` on. */
export type Revoke = (entry: Omit<Revocation, 'expiresAt'>, at: EpochSeconds) => Promise<void>

/**
 * Runs a transaction that may revoke: its entries are committed with their cause or not at all.
 * Who listens hears of them before the caller goes on.
 */
export async function revoking<Result>(
  ledger: LedgerWriter,
  work: (trx: Transaction<Tables>, revoke: Revoke) => Promise<Result>,
): Promise<Result> {
  let entries: Revocation[] = []
  const { dialect, reserved: db } = ledger
  const result = await inTransaction({ dialect, db }, async (trx) => {
    entries = []
    const done = await work(trx, async (entry, at) => {
      const dated = { ...entry, expiresAt: at + revocationSeconds }
      await trx.insertInto('revocations').values(fromRevocation(dated)).execute()
      entries.push(dated)
    })
    if (entries.length > 0) await dialect.announceEntries(trx)
    return done
  })
  if (entries.length > 0) ledger.doorbell.ring(entries)
  return result
}

function fromRevocation({ kind, key, floor, reason, expiresAt }: Revocation) {
  return { kind, key, floor, reason, expires_at: expiresAt }
}
