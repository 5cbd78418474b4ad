import { strict as assert } from 'node:assert'
import { sampleUser } from './samples.ts'
import { atOnce, count, crowd, type StoreCase, storeCase } from './store-case.ts'

/** What `Stores` must do as a whole. */
export const storesContract: readonly StoreCase[] = [
  storeCase('open stores pass their check', async (stores) => {
    assert.deepEqual(await stores.check(), { isCurrent: true })
  }),

  storeCase('stores may be closed twice', async (stores) => {
    await stores.close()
    await stores.close()
  }),

  storeCase('closed stores answer UNAVAILABLE', async (stores) => {
    await stores.close()
    const unavailable = { name: 'AuthError', code: 'UNAVAILABLE' }
    await assert.rejects(stores.check(), unavailable)
    await assert.rejects(stores.users.find('usr_1'), unavailable)
    await assert.rejects(stores.users.create(sampleUser('ada')), unavailable)
    await assert.rejects(stores.sessions.end('ses_1', 'logout', 1000), unavailable)
  }),

  storeCase('what was begun before closing is finished', async (stores) => {
    const creating = atOnce((index) => stores.users.create(sampleUser(`u${index}`)))
    await stores.close()
    assert.equal(count(await creating, 'created'), crowd)
  }),
]
