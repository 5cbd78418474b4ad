import type { StoreCase } from './store-case.ts'
import { userBatches } from './user-batches.ts'
import { userCreation } from './user-creation.ts'
import { userLists } from './user-lists.ts'
import { lastAdmin, userRemoval } from './user-removal.ts'
import { userUpdates } from './user-updates.ts'

/** What a `UserStore` must do. */
export const userStoreContract: readonly StoreCase[] = [
  ...userCreation,
  ...userBatches,
  ...userUpdates,
  ...lastAdmin,
  ...userLists,
  ...userRemoval,
]
