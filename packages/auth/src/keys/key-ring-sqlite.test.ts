import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openInstallationSecrets } from '../crypto/installation-secrets.ts'
import { deriveApplicationSecrets } from '../crypto/secrets.ts'
import type { Stores } from '../model/stores.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { openKeyRing } from './key-ring.ts'

const random = fakeRandom()
const [oldSecret, newSecret] = [random.bytes(32), random.bytes(32)]

let folder: string
let connections: Stores[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'))
  const url = `sqlite:${join(folder, 'countersign.db')}`
  const connect = () => openSqlStores({ url, log: silentLogger })
  connections = await Promise.all(Array.from({ length: 8 }, connect))
})

afterEach(async () => {
  await Promise.all(connections.map((stores) => stores.close()))
  await rm(folder, { recursive: true })
})

/** Starts one process for each connection, all at once. */
function startAll(current: Uint8Array, previous: Uint8Array | null = null) {
  const secrets = deriveApplicationSecrets(current, previous)
  const schedule = {
    jwksCacheSeconds: 300,
    reloadSeconds: 10,
    accessTokenSeconds: 900,
    rotationSeconds: 1e6,
  }
  return Promise.all(
    connections.map(async ({ installation, signingKeys }) => {
      const { pepper } = await openInstallationSecrets({ installation, secrets, random })
      const ring = await openKeyRing(
        { signingKeys, secrets, clock: fakeClock(), random, log: silentLogger },
        { algorithm: 'ES256', schedule },
      )
      return `${Buffer.from(pepper).toString('hex')} ${ring.signer().kid}`
    }),
  )
}

test('eight connections to one file that start at once agree on pepper and key', async () => {
  const found = await startAll(oldSecret)
  expect(new Set(found).size).toBe(1)
})

test('eight connections that change the application secret at once keep pepper and key', async () => {
  const before = await startAll(oldSecret)
  await startAll(newSecret, oldSecret)
  expect(await startAll(newSecret)).toEqual(before)
})
