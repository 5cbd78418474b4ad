import { strict as assert } from 'node:assert'
import { hostileTexts } from './samples.ts'
import { atOnce, count, type StoreCase, storeCase } from './store-case.ts'

/** What an `InstallationStore` must do. */
export const installationStoreContract: readonly StoreCase[] = [
  storeCase('a name without a value gives null', async ({ installation }) => {
    assert.equal(await installation.get('a'), null)
  }),

  storeCase('a value comes back, and only by its name', async ({ installation }) => {
    assert.equal(await installation.putIfAbsent('a', '1'), '1')
    assert.equal(await installation.get('a'), '1')
    assert.equal(await installation.get('A'), null)
  }),

  storeCase('a value that is there stays', async ({ installation }) => {
    await installation.putIfAbsent('a', '1')
    assert.equal(await installation.putIfAbsent('a', '2'), '1')
    assert.equal(await installation.get('a'), '1')
  }),

  storeCase('many who put a value at once all see the same', async ({ installation }) => {
    const seen = await atOnce((index) => installation.putIfAbsent('a', String(index)))
    assert.equal(new Set(seen).size, 1)
    assert.equal(await installation.get('a'), seen[0])
  }),

  storeCase('a value is replaced if it is the one expected', async ({ installation }) => {
    await installation.putIfAbsent('a', '1')
    await installation.putIfAbsent('b', '1')
    assert.equal(await installation.replace('a', '1', '2'), true)
    assert.equal(await installation.get('a'), '2')
    assert.equal(await installation.get('b'), '1')
  }),

  storeCase('a value that is not the one expected stays', async ({ installation }) => {
    await installation.putIfAbsent('a', '1')
    assert.equal(await installation.replace('a', '2', '3'), false)
    assert.equal(await installation.replace('ghost', '1', '3'), false)
    assert.equal(await installation.get('a'), '1')
    assert.equal(await installation.get('ghost'), null)
  }),

  storeCase('of many who replace one value, one does', async ({ installation }) => {
    await installation.putIfAbsent('a', 'old')
    const results = await atOnce((index) => installation.replace('a', 'old', String(index)))
    assert.equal(count(results, true), 1)
    assert.equal(await installation.get('a'), String(results.indexOf(true)))
  }),

  storeCase('hostile text comes back as it was', async ({ installation }) => {
    for (const text of hostileTexts) {
      await installation.putIfAbsent(`name ${text}`, text)
      assert.equal(await installation.get(`name ${text}`), text)
    }
  }),
]
