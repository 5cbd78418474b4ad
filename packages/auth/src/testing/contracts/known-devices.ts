import { strict as assert } from 'node:assert'
import { ada, bob, sessionCase } from './session-case.ts'
import { atOnce, count, type StoreCase } from './store-case.ts'

/** What a `KnownDeviceStore` must do. */
export const knownDeviceStoreContract: readonly StoreCase[] = [
  sessionCase('a device is first, then known; another one is new', async ({ knownDevices }) => {
    const see = (device: string, at: number) => knownDevices.see(ada.id, device, { at, limit: 10 })
    assert.equal(await see('phone', 1000), 'first')
    assert.equal(await see('phone', 1001), 'known')
    assert.equal(await see('laptop', 1002), 'new')
    assert.equal(await see('laptop', 1003), 'known')
    assert.equal(await knownDevices.see(bob.id, 'phone', { at: 1004, limit: 10 }), 'first')
  }),

  sessionCase('beyond the limit the device unseen longest is forgotten', async (stores) => {
    const { knownDevices } = stores
    const see = (device: string, at: number) => knownDevices.see(ada.id, device, { at, limit: 2 })
    await see('a', 1000)
    await see('b', 1001)
    await see('a', 1002)
    await see('c', 1003)
    assert.equal(await see('a', 1004), 'known')
    assert.equal(await see('b', 1005), 'new')
  }),

  sessionCase('after forgetting, every device is new to a user', async ({ knownDevices }) => {
    await knownDevices.see(ada.id, 'phone', { at: 1000, limit: 10 })
    await knownDevices.forgetAll(ada.id)
    assert.equal(await knownDevices.see(ada.id, 'phone', { at: 1000, limit: 10 }), 'first')
  }),

  sessionCase('of many first sights at once, one is the first', async ({ knownDevices }) => {
    const sights = await atOnce(() => knownDevices.see(ada.id, 'phone', { at: 1000, limit: 10 }))
    assert.equal(count(sights, 'first'), 1)
    assert.equal(count(sights, 'known'), sights.length - 1)
  }),
]
