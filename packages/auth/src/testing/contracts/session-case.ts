import type { Session } from '../../model/session.ts'
import type { Stores } from '../../model/stores.ts'
import type { User } from '../../model/user.ts'
import { sampleSession, sampleUser } from './samples.ts'
import { type StoreCase, storeCase } from './store-case.ts'

export const ada: User = sampleUser('ada')
export const bob: User = sampleUser('bob')
export const session: Session = sampleSession('one', ada)

/** A case with two users already there. */
export function sessionCase(name: string, check: (stores: Stores) => Promise<void>): StoreCase {
  return storeCase(name, async (stores) => {
    await stores.users.create(ada)
    await stores.users.create(bob)
    await check(stores)
  })
}
