import type { Transaction } from 'kysely'
import type { EpochSeconds } from '../../base/time.ts'
import type { KnownDeviceStore } from '../../model/known-device.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'
import { inTransaction } from './transaction.ts'
import { takeTurnOfUser } from './turns-of-users.ts'

type Sight = Awaited<ReturnType<KnownDeviceStore['see']>>

export function sqlKnownDevices(database: Pick<SqlDatabase, 'db' | 'dialect'>): KnownDeviceStore {
  const { db, dialect } = database
  return {
    see: (userId, device, { at, limit }) =>
      inTransaction(database, async (trx) => {
        await takeTurnOfUser(trx, dialect, userId)
        return await seeDevice(trx, { userId, device, at, limit })
      }),
    async forgetAll(userId) {
      await db.deleteFrom('known_devices').where('user_id', '=', userId).execute()
    },
  }
}

async function seeDevice(
  trx: Transaction<Tables>,
  input: { userId: string; device: string; at: EpochSeconds; limit: number },
): Promise<Sight> {
  const { userId, device, at, limit } = input
  const known = await trx
    .selectFrom('known_devices')
    .select('device')
    .where('user_id', '=', userId)
    .orderBy('last_seen_at', 'desc')
    .orderBy('device')
    .execute()
  if (known.some((row) => row.device === device)) {
    await trx
      .updateTable('known_devices')
      .set({ last_seen_at: at })
      .where('user_id', '=', userId)
      .where('device', '=', device)
      .execute()
    return 'known'
  }
  const forgotten = known.slice(limit - 1).map((row) => row.device)
  if (forgotten.length > 0) {
    await trx
      .deleteFrom('known_devices')
      .where('user_id', '=', userId)
      .where('device', 'in', forgotten)
      .execute()
  }
  const row = { user_id: userId, device, first_seen_at: at, last_seen_at: at }
  await trx.insertInto('known_devices').values(row).execute()
  return known.length === 0 ? 'first' : 'new'
}
