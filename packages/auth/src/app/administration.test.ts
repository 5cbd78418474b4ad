import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { fakeRandom } from '../testing/fake-random.ts'
import {
  type Administration,
  listSigningKeys,
  openAccounts,
  openAdministration,
  rotateSigningKey,
} from './administration.ts'
import { openDeps } from './open-deps.ts'
import type { AuthOptions } from './options.ts'

const root = mkdtempSync(join(tmpdir(), 'countersign-'))
afterAll(() => rm(root, { recursive: true }))

let database = ''
let folder = ''

async function serveOnce(options: AuthOptions = {}): Promise<void> {
  const deps = await openDeps({ database, ...options })
  await deps.stores.close()
}

beforeEach(async () => {
  folder = mkdtempSync(join(root, 'used-'))
  database = `sqlite:${join(folder, 'c.db')}`
  await serveOnce({ signingAlgorithm: 'EdDSA' })
})

async function administer<T>(
  options: AuthOptions,
  work: (administration: Administration) => Promise<T>,
): Promise<T> {
  const administration = await openAdministration({ database, ...options })
  try {
    return await work(administration)
  } finally {
    await administration.stores.close()
  }
}

const algorithmsOf = (keys: readonly { algorithm: string }[]) =>
  keys.map(({ algorithm }) => algorithm)

test('a database that is not there is refused, not made', async () => {
  const missing = join(root, 'missing')
  const opening = openAdministration({ database: `sqlite:${join(missing, 'c.db')}` })
  await expect(opening).rejects.toThrow('Run `countersign migrate` first.')
  expect(existsSync(missing)).toBe(false)
})

test('a database in memory is refused: no server can share it', async () => {
  await expect(openAdministration({ database: 'sqlite::memory:' })).rejects.toThrow(
    'no other process',
  )
})

test('opening rotates no key, whatever this process was told', async () => {
  const keys = await administer({ signingAlgorithm: 'ES256' }, listSigningKeys)
  expect(algorithmsOf(keys)).toEqual(['EdDSA'])
})

test('opening asks for no secret', async () => {
  rmSync(join(folder, 'c.secret'))
  expect(await administer({}, listSigningKeys)).toHaveLength(1)
  expect(readdirSync(folder)).toEqual(['c.db'])
})

test('a new key has the algorithm of the one before, and is upcoming', async () => {
  const key = await administer({}, rotateSigningKey)
  expect(key).toMatchObject({ algorithm: 'EdDSA', stage: 'upcoming' })
  expect(key.activeFrom - key.createdAt).toBe(370)
  expect(algorithmsOf(await administer({}, listSigningKeys))).toEqual(['EdDSA', 'EdDSA'])
})

test('a new key has the algorithm that is asked for', async () => {
  const key = await administer({ signingAlgorithm: 'ES256' }, rotateSigningKey)
  expect(key.algorithm).toBe('ES256')
})

test('the server can sign with the new key', async () => {
  const { kid } = await administer({}, rotateSigningKey)
  const deps = await openDeps({ database, signingAlgorithm: 'EdDSA' })
  expect(deps.keys.find(kid, 'EdDSA')).not.toBeNull()
  await deps.stores.close()
})

test('a second rotation while one is under way is refused', async () => {
  await administer({}, rotateSigningKey)
  await expect(administer({}, rotateSigningKey)).rejects.toMatchObject({ code: 'ROTATION_PENDING' })
})

test('a shared secret is not rotated here', async () => {
  const options: AuthOptions = {
    signingAlgorithm: 'HS256',
    accessTokenSecret: 'kT9vX2mQ7pLw4zRb8nYc5fHj3sGd6aEu',
  }
  expect(await administer(options, listSigningKeys)).toEqual([])
  await expect(administer(options, rotateSigningKey)).rejects.toMatchObject({
    code: 'ROTATION_UNSUPPORTED',
  })
})

const foreignSecret = Buffer.from(fakeRandom('foreign').bytes(32)).toString('hex')

test('with the secret of another database no key is made', async () => {
  await expect(administer({ secret: foreignSecret }, rotateSigningKey)).rejects.toThrow(
    'does not belong to this database',
  )
  expect(await administer({}, listSigningKeys)).toHaveLength(1)
})

test('with the secret of another database no password is hashed', async () => {
  await expect(administer({ secret: foreignSecret }, openAccounts)).rejects.toThrow(
    'does not belong to this database',
  )
})
