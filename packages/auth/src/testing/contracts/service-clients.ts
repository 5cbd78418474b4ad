import { strict as assert } from 'node:assert'
import type { ServiceClient } from '../../model/service-client.ts'
import { atOnce, count, type StoreCase, storeCase } from './store-case.ts'

function sampleClient(name: string, members: Partial<ServiceClient> = {}): ServiceClient {
  return {
    id: `cli_${name.padEnd(22, '_')}`,
    name,
    scopes: ['revocations:read', 'tokens:introspect'],
    secretHash: new Uint8Array(32).fill(7),
    jwks: null,
    status: 'active',
    tokenVersion: 0,
    createdAt: 1000,
    ...members,
  }
}

const orders = sampleClient('orders')
const at = 5000

/** What a `ServiceClientStore` must do. */
export const serviceClientStoreContract: readonly StoreCase[] = [
  storeCase('a client comes back as it was created', async ({ clients }) => {
    const bare = sampleClient('bare', { secretHash: null, jwks: '{"keys":[]}', scopes: [] })
    await clients.create(orders)
    await clients.create(bare)
    assert.deepEqual(await clients.find(orders.id), orders)
    assert.deepEqual(await clients.find(bare.id), bare)
    assert.equal(await clients.find('cli_ghost'), null)
  }),

  storeCase('clients are listed oldest first, then by id', async ({ clients }) => {
    const [a, b, c] = [sampleClient('a', { createdAt: 2000 }), sampleClient('b'), sampleClient('c')]
    for (const each of [a, c, b]) await clients.create(each)
    assert.deepEqual(await clients.list(), [b, c, a])
  }),

  storeCase('a secret is replaced', async ({ clients }) => {
    await clients.create(orders)
    const secretHash = new Uint8Array(32).fill(8)
    assert.equal(await clients.replaceSecret(orders.id, secretHash), true)
    assert.deepEqual((await clients.find(orders.id))?.secretHash, secretHash)
    assert.equal(await clients.replaceSecret('cli_ghost', secretHash), false)
  }),

  storeCase('who is disabled and enabled again keeps none of the old tokens', async (stores) => {
    const { clients, revocations } = stores
    await clients.create(orders)
    assert.equal(await clients.setStatus(orders.id, 'disabled', at), true)
    assert.equal(await clients.setStatus(orders.id, 'disabled', at), true)
    assert.equal(await clients.setStatus(orders.id, 'active', at), true)
    assert.deepEqual(await clients.find(orders.id), { ...orders, tokenVersion: 1 })
    const { entries } = await revocations.list({ now: 0, limit: 10 })
    assert.deepEqual(
      entries.map(({ kind, key, floor }) => [kind, key, floor]),
      [['client', orders.id, 1]],
    )
  }),

  storeCase('a deleted client is gone, and its tokens are revoked', async (stores) => {
    const { clients, revocations } = stores
    await clients.create(orders)
    assert.equal(count(await atOnce(() => clients.delete(orders.id, at)), true), 1)
    assert.equal(await clients.find(orders.id), null)
    const { entries } = await revocations.list({ now: 0, limit: 10 })
    assert.deepEqual(
      entries.map(({ kind, key, floor }) => [kind, key, floor]),
      [['client', orders.id, 1]],
    )
  }),

  storeCase('nobody changes a client that is not there', async ({ clients }) => {
    assert.equal(await clients.setStatus('cli_ghost', 'disabled', at), false)
    assert.equal(await clients.delete('cli_ghost', at), false)
  }),

  storeCase('of many who take one value, one gets it', async ({ clients }) => {
    const taken = await atOnce(() => clients.takeOnce('jti-1', at + 60, at))
    assert.equal(count(taken, true), 1)
    assert.equal(await clients.takeOnce('jti-2', at + 60, at), true)
  }),

  storeCase('a value may be taken again once it has expired', async ({ clients }) => {
    await clients.takeOnce('jti-1', at + 60, at)
    assert.equal(await clients.takeOnce('jti-1', at + 120, at + 60), false)
    assert.equal(await clients.takeOnce('jti-1', at + 120, at + 61), true)
  }),
]
