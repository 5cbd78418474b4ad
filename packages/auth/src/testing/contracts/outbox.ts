import { strict as assert } from 'node:assert'
import type { MailOrder } from '../../model/mail.ts'
import { ada, sessionCase } from './session-case.ts'
import { atOnce, type StoreCase, storeCase } from './store-case.ts'

const order = (name: string, createdAt = 1000): MailOrder => ({
  id: `mail_${name}`,
  kind: 'reset_password',
  sealed: `sealed ${name}`,
  createdAt,
})

/** What an `OutboxStore` must do. */
export const outboxStoreContract: readonly StoreCase[] = [
  storeCase('an order is taken with every member, the longest due first', async ({ outbox }) => {
    await outbox.add([order('b', 1001)])
    await outbox.add([order('a', 1000)])
    const taken = await outbox.take(1001, 1060, 10)
    assert.deepEqual(
      taken.toSorted((a, b) => a.createdAt - b.createdAt),
      [
        { ...order('a', 1000), attempts: 1 },
        { ...order('b', 1001), attempts: 1 },
      ],
    )
    await outbox.add([order('c', 900)])
    assert.deepEqual(
      (await outbox.take(1001, 1060, 1)).map(({ id }) => id),
      ['mail_c'],
    )
  }),

  storeCase('an order that was taken is due again later, and not before', async ({ outbox }) => {
    await outbox.add([order('a')])
    await outbox.take(1000, 1060, 10)
    assert.deepEqual(await outbox.take(1059, 1120, 10), [])
    assert.deepEqual(await outbox.take(1060, 1120, 10), [{ ...order('a'), attempts: 2 }])
    await outbox.postpone('mail_a', 5000)
    assert.deepEqual(await outbox.take(4999, 6000, 10), [])
    assert.equal((await outbox.take(5000, 6000, 10)).length, 1)
  }),

  storeCase('an order that is removed is gone', async ({ outbox }) => {
    await outbox.add([order('a')])
    await outbox.add([order('b', 1200)])
    assert.deepEqual(await outbox.waiting(), { count: 2, oldestAt: 1000 })
    await outbox.remove('mail_a')
    await outbox.remove('mail_a')
    assert.deepEqual(await outbox.waiting(), { count: 1, oldestAt: 1200 })
    await outbox.remove('mail_b')
    assert.deepEqual(await outbox.waiting(), { count: 0, oldestAt: null })
  }),

  storeCase('of many who take at once, one gets an order', async ({ outbox }) => {
    for (const name of ['a', 'b', 'c', 'd']) await outbox.add([order(name)])
    const taken = (await atOnce(() => outbox.take(1000, 1060, 2))).flat()
    const ids = taken.map(({ id }) => id).sort()
    assert.deepEqual(new Set(ids).size, ids.length)
    const rest = await outbox.take(1000, 1060, 10)
    assert.equal(ids.length + rest.length, 4)
  }),

  sessionCase('mail is ordered with what it tells of, or not at all', async (stores) => {
    const { users, outbox } = stores
    const along = { mail: [order('a'), order('b')] }
    const wrong = { passwordHash: 'another' }
    await users.update(ada.id, { name: 'A', updatedAt: 1 }, wrong, along)
    assert.equal((await outbox.waiting()).count, 0)
    await users.update(ada.id, { name: 'A', updatedAt: 1 }, {}, along)
    assert.equal((await outbox.waiting()).count, 2)
  }),
]
