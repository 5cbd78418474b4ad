import { strict as assert } from 'node:assert'
import { hostileTexts, sampleKey } from './samples.ts'
import { atOnce, count, type StoreCase, storeCase } from './store-case.ts'

const first = sampleKey('a')
const second = sampleKey('b', { activeFrom: 2000 })

/** What a `SigningKeyStore` must do. */
export const signingKeyStoreContract: readonly StoreCase[] = [
  storeCase('there is no key at first', async ({ signingKeys }) => {
    assert.deepEqual(await signingKeys.list(), [])
  }),

  storeCase('a key comes back with every member', async ({ signingKeys }) => {
    const key = sampleKey('k', { algorithm: 'EdDSA', createdAt: 4_102_444_800, activeFrom: 1 })
    assert.equal(await signingKeys.add(key, null), true)
    assert.deepEqual(await signingKeys.list(), [key])
  }),

  storeCase('keys are listed by when they become active, then by kid', async ({ signingKeys }) => {
    const early = sampleKey('c', { activeFrom: 500 })
    const twin = sampleKey('B', { activeFrom: 2000 })
    await signingKeys.add(second, null)
    await signingKeys.add(early, 'b')
    await signingKeys.add(twin, 'b')
    assert.deepEqual(await signingKeys.list(), [early, twin, second])
  }),

  storeCase('a key is added only after the newest one', async ({ signingKeys }) => {
    assert.equal(await signingKeys.add(first, 'ghost'), false)
    assert.equal(await signingKeys.add(first, null), true)
    assert.equal(await signingKeys.add(second, null), false)
    assert.equal(await signingKeys.add(second, 'a'), true)
    assert.equal(await signingKeys.add(sampleKey('c'), 'a'), false)
    assert.deepEqual(await signingKeys.list(), [first, second])
  }),

  storeCase('a key is not added twice', async ({ signingKeys }) => {
    await signingKeys.add(first, null)
    assert.equal(await signingKeys.add({ ...first, sealedPrivateKey: 'other' }, 'a'), false)
    assert.deepEqual(await signingKeys.list(), [first])
  }),

  storeCase('of many first keys, one is added', async ({ signingKeys }) => {
    const results = await atOnce((index) => signingKeys.add(sampleKey(`k${index}`), null))
    assert.equal(count(results, true), 1)
    assert.deepEqual(await signingKeys.list(), [sampleKey(`k${results.indexOf(true)}`)])
  }),

  storeCase('of many successors of one key, one is added', async ({ signingKeys }) => {
    await signingKeys.add(first, null)
    const results = await atOnce((index) =>
      signingKeys.add(sampleKey(`k${index}`, { activeFrom: 3000 - index }), 'a'),
    )
    assert.equal(count(results, true), 1)
    assert.equal((await signingKeys.list()).length, 2)
  }),

  storeCase('a private key is sealed anew', async ({ signingKeys }) => {
    await signingKeys.add(first, null)
    await signingKeys.add(second, 'a')
    assert.equal(await signingKeys.reseal('a', first.sealedPrivateKey, 'anew'), true)
    assert.deepEqual(await signingKeys.list(), [{ ...first, sealedPrivateKey: 'anew' }, second])
  }),

  storeCase('a seal that is not the one expected stays', async ({ signingKeys }) => {
    await signingKeys.add(first, null)
    assert.equal(await signingKeys.reseal('a', 'other', 'anew'), false)
    assert.equal(await signingKeys.reseal('ghost', first.sealedPrivateKey, 'anew'), false)
    assert.deepEqual(await signingKeys.list(), [first])
  }),

  storeCase('of many who seal one key anew, one does', async ({ signingKeys }) => {
    await signingKeys.add(first, null)
    const results = await atOnce((index) =>
      signingKeys.reseal('a', first.sealedPrivateKey, `seal ${index}`),
    )
    assert.equal(count(results, true), 1)
    const [stored] = await signingKeys.list()
    assert.equal(stored?.sealedPrivateKey, `seal ${results.indexOf(true)}`)
  }),

  storeCase('a deleted key is gone, and only that', async ({ signingKeys }) => {
    await signingKeys.add(first, null)
    await signingKeys.add(second, 'a')
    assert.equal(await signingKeys.delete('a'), true)
    assert.equal(await signingKeys.delete('a'), false)
    assert.deepEqual(await signingKeys.list(), [second])
  }),

  storeCase('hostile text comes back as it was', async ({ signingKeys }) => {
    let newest: string | null = null
    for (const [index, text] of hostileTexts.entries()) {
      const key = sampleKey(`k${text}`, {
        publicJwk: text,
        sealedPrivateKey: text,
        activeFrom: index,
      })
      assert.equal(await signingKeys.add(key, newest), true)
      assert.deepEqual((await signingKeys.list()).at(-1), key)
      newest = key.kid
    }
  }),
]
