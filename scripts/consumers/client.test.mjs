import assert from 'node:assert/strict'
import { test } from 'node:test'

// As a program has it that installed the package and nothing else.

test('a client of an authority that is not there says so, and is signed out of nothing', async () => {
  const { ClientError, createClient } = await import('@countersign/client')
  const storage = { get: async () => null, set: async () => {}, delete: async () => {} }
  const client = createClient({ baseUrl: 'http://127.0.0.1:9/api/auth', storage })
  const credentials = { email: 'ada@example.com', password: 'violet-harbour-lantern' }
  await assert.rejects(client.login(credentials), (error) => {
    assert.ok(error instanceof ClientError)
    assert.equal(error.code, 'UNREACHABLE')
    return true
  })
  assert.deepEqual(client.session.current, { status: 'unknown' })
  client.close()
})

test('storages are there for files and for phones', async () => {
  const { fileStorage } = await import('@countersign/client/node')
  const { secureStorage } = await import('@countersign/client/react-native')
  assert.equal(await fileStorage('/nowhere/at/all').get(), null)
  const items = new Map()
  const storage = secureStorage({
    getItemAsync: async (key) => items.get(key) ?? null,
    setItemAsync: async (key, value) => void items.set(key, value),
    deleteItemAsync: async (key) => void items.delete(key),
  })
  await storage.set('x')
  assert.equal(await storage.get(), 'x')
  await storage.delete()
  assert.equal(await storage.get(), null)
})
