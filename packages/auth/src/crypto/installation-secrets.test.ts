import { beforeEach, expect, test } from 'vitest'
import { StartupError } from '../base/startup-error.ts'
import type { InstallationStore } from '../model/installation.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { memoryInstallation } from '../testing/memory-installation.ts'
import { openInstallationSecrets } from './installation-secrets.ts'
import { deriveApplicationSecrets } from './secrets.ts'

const random = fakeRandom()
const [oldSecret, newSecret] = [random.bytes(32), random.bytes(32)]

let installation: InstallationStore

beforeEach(() => {
  installation = memoryInstallation()
})

function start(current: Uint8Array, previous: Uint8Array | null = null) {
  const secrets = deriveApplicationSecrets(current, previous)
  return openInstallationSecrets({ installation, secrets, random })
}

test('the pepper is made on the first start and stays', async () => {
  const { pepper } = await start(oldSecret)
  expect(pepper).toHaveLength(32)
  expect(await start(oldSecret)).toEqual({ pepper })
})

test('eight processes that start at once get one pepper', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => start(oldSecret)))
  expect(new Set(all.map(({ pepper }) => Buffer.from(pepper).toString('hex'))).size).toBe(1)
})

test('two installations with one secret have different peppers', async () => {
  const first = await start(oldSecret)
  installation = memoryInstallation()
  expect(await start(oldSecret)).not.toEqual(first)
})

test('another secret does not start, and one line says why', async () => {
  await start(oldSecret)
  const failure = await start(newSecret).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(StartupError)
  expect((failure as StartupError).problems).toEqual([
    expect.stringContaining('COUNTERSIGN_SECRET does not belong to this database'),
  ])
})

test('a change of the secret keeps the pepper', async () => {
  const first = await start(oldSecret)
  expect(await start(newSecret, oldSecret)).toEqual(first)
})

test('after a change the previous secret is no longer needed', async () => {
  const first = await start(oldSecret)
  await start(newSecret, oldSecret)
  expect(await start(newSecret)).toEqual(first)
})

test('a change made by eight processes at once ends with the new secret', async () => {
  const first = await start(oldSecret)
  await Promise.all(Array.from({ length: 8 }, () => start(newSecret, oldSecret)))
  expect(await start(newSecret)).toEqual(first)
})

test('a damaged pepper does not start', async () => {
  await start(oldSecret)
  const stored = (await installation.get('password-pepper')) ?? ''
  await installation.replace('password-pepper', stored, `${stored.slice(0, -4)}AAAA`)
  await expect(start(oldSecret)).rejects.toThrow('damaged')
})
