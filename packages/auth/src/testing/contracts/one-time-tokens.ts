import { strict as assert } from 'node:assert'
import type { OneTimeToken } from '../../model/one-time-token.ts'
import { ada, bob, sessionCase } from './session-case.ts'
import { atOnce, count, type StoreCase } from './store-case.ts'

const token: OneTimeToken = {
  hash: 'hash-1',
  purpose: 'reset_password',
  slot: `reset_password ${ada.id}`,
  userId: ada.id,
  emailKey: ada.emailKey,
  detail: 'detail',
  expiresAt: 2000,
}

const { purpose, hash } = token
const change = { passwordHash: 'new', updatedAt: 1500 }

/** What a `OneTimeTokenStore` must do, and whoever takes one. */
export const oneTimeTokenStoreContract: readonly StoreCase[] = [
  sessionCase('a token is found by purpose and hash, with every member', async (stores) => {
    const { oneTimeTokens } = stores
    await oneTimeTokens.put(token)
    assert.deepEqual(await oneTimeTokens.find(purpose, hash), token)
    assert.equal(await oneTimeTokens.find('verify_email', hash), null)
    assert.equal(await oneTimeTokens.find(purpose, 'hash-2'), null)
  }),

  sessionCase('of one slot the newest token is there', async ({ oneTimeTokens }) => {
    await oneTimeTokens.put(token)
    await oneTimeTokens.put({ ...token, hash: 'other', slot: 'another' })
    await oneTimeTokens.put({ ...token, hash: 'hash-2' })
    assert.equal(await oneTimeTokens.find(purpose, hash), null)
    assert.equal((await oneTimeTokens.find(purpose, 'hash-2'))?.hash, 'hash-2')
    assert.equal((await oneTimeTokens.find(purpose, 'other'))?.hash, 'other')
    // Again with the same hash: a mail that is sent once more.
    await oneTimeTokens.put({ ...token, hash: 'hash-2', expiresAt: 3000 })
    assert.equal((await oneTimeTokens.find(purpose, 'hash-2'))?.expiresAt, 3000)
  }),

  sessionCase('a token of somebody who is gone is not kept', async ({ oneTimeTokens, users }) => {
    await oneTimeTokens.put({ ...token, userId: 'usr_nobody' })
    assert.equal(await oneTimeTokens.find(purpose, hash), null)
    await oneTimeTokens.put({ ...token, userId: bob.id })
    await users.delete(bob.id, 1500)
    assert.equal(await oneTimeTokens.find(purpose, hash), null)
  }),

  sessionCase('of many changes with one token, one happens', async (stores) => {
    const { oneTimeTokens, users } = stores
    await oneTimeTokens.put(token)
    const results = await atOnce((index) =>
      users.update(
        ada.id,
        { ...change, passwordHash: `new ${index}` },
        { oneTimeToken: { purpose, hash } },
      ),
    )
    assert.equal(count(results, 'updated'), 1)
    assert.equal(count(results, 'conflict'), results.length - 1)
    const won = results.indexOf('updated')
    assert.equal((await users.find(ada.id))?.passwordHash, `new ${won}`)
    assert.equal(await oneTimeTokens.find(purpose, hash), null)
  }),

  sessionCase('a change that does not happen takes no token', async (stores) => {
    const { oneTimeTokens, users } = stores
    await oneTimeTokens.put(token)
    const oneTimeToken = { purpose, hash }
    const wrong = { oneTimeToken, passwordHash: 'another' }
    assert.equal(await users.update(ada.id, change, wrong), 'conflict')
    const taken = { email: bob.email, emailKey: bob.emailKey, updatedAt: 1 }
    assert.equal(await users.update(ada.id, taken, { oneTimeToken }), 'email_taken')
    assert.deepEqual(await oneTimeTokens.find(purpose, hash), token)
  }),

  sessionCase('tokens that have expired are removed, and counted', async ({ oneTimeTokens }) => {
    await oneTimeTokens.put(token)
    await oneTimeTokens.put({ ...token, hash: 'h2', slot: 'other', expiresAt: 2001 })
    assert.equal(await oneTimeTokens.deleteExpired(2000), 0)
    assert.equal(await oneTimeTokens.deleteExpired(2001), 1)
    assert.equal(await oneTimeTokens.find(purpose, hash), null)
    assert.notEqual(await oneTimeTokens.find(purpose, 'h2'), null)
  }),
]
