import { createPublicKey } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { beforeEach, expect, test, vi } from 'vitest'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import { deriveApplicationSecrets } from '../crypto/secrets.ts'
import type { SigningAlgorithm, SigningKeyStore } from '../model/signing-key.ts'
import { type Logger, silentLogger } from '../ports/logger.ts'
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { memorySigningKeys } from '../testing/memory-signing-keys.ts'
import { type KeyRing, openKeyRing } from './key-ring.ts'
import type { KeySchedule } from './stages.ts'

const random = fakeRandom()
const [oldSecret, newSecret] = [random.bytes(32), random.bytes(32)]
const secrets = deriveApplicationSecrets(oldSecret, null)
const day = 86_400
const lead = 300 + 10 + 60
const schedule: KeySchedule = {
  jwksCacheSeconds: 300,
  reloadSeconds: 10,
  accessTokenSeconds: 900,
  rotationSeconds: 30 * day,
}

let clock: FakeClock
let signingKeys: SigningKeyStore

beforeEach(() => {
  clock = fakeClock()
  signingKeys = memorySigningKeys()
})

function openRing(
  input: {
    algorithm?: SigningAlgorithm
    secrets?: ApplicationSecrets
    log?: Logger
    signingKeys?: SigningKeyStore
  } = {},
): Promise<KeyRing> {
  const { algorithm = 'ES256', ...deps } = input
  return openKeyRing(
    { signingKeys, secrets, clock, random, log: silentLogger, ...deps },
    { algorithm, schedule },
  )
}

const stages = (ring: KeyRing) => ring.list().map(({ stage }) => stage)
const publishedKids = (ring: KeyRing) => ring.publicKeySet().keys.map(({ kid }) => kid)

/** Rotates and waits until the new key signs. */
async function rotateFully(ring: KeyRing): Promise<void> {
  await ring.rotate('usr_admin')
  clock.advance(lead)
}

test('the first key of an empty store signs at once', async () => {
  const ring = await openRing()
  expect(stages(ring)).toEqual(['signing'])
  expect(ring.signer().kid).toBe(ring.list()[0]?.kid)
})

test('eight processes that start at once share one key', async () => {
  const rings = await Promise.all(Array.from({ length: 8 }, () => openRing()))
  expect(new Set(rings.map((ring) => ring.signer().kid)).size).toBe(1)
  expect(await signingKeys.list()).toHaveLength(1)
})

test.each([
  ['ES256', ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
  ['EdDSA', ['alg', 'crv', 'kid', 'kty', 'use', 'x']],
  ['RS256', ['alg', 'e', 'kid', 'kty', 'n', 'use']],
  ['PS256', ['alg', 'e', 'kid', 'kty', 'n', 'use']],
] as const)('the key set of %s holds public members only', async (algorithm, members) => {
  const ring = await openRing({ algorithm })
  const [jwk] = ring.publicKeySet().keys
  expect(Object.keys(jwk ?? {}).toSorted()).toEqual(members)
  expect(jwk).toMatchObject({ alg: algorithm, use: 'sig', kid: ring.signer().kid })
})

test('RSA keys have 3072 bits', async () => {
  const ring = await openRing({ algorithm: 'PS256' })
  const { key } = ring.signer()
  expect(createPublicKey(key).asymmetricKeyDetails?.modulusLength).toBe(3072)
})

test('the store never holds a private key in clear', async () => {
  const ring = await openRing()
  const { d = '' } = ring.signer().key.export({ format: 'jwk' })
  const [stored] = await signingKeys.list()
  expect(JSON.stringify(stored)).not.toContain(d)
  expect(JSON.parse(stored?.publicJwk ?? '')).toEqual(ring.publicKeySet().keys[0])
})

test('a key is found by its kid and its one algorithm', async () => {
  const ring = await openRing()
  const { kid } = ring.signer()
  expect(ring.find(kid, 'ES256')).toMatchObject({ kid, algorithm: 'ES256' })
  expect(ring.find(kid, 'ES256')?.key.type).toBe('public')
  for (const algorithm of ['HS256', 'none', 'es256', 'RS256', '']) {
    expect(ring.find(kid, algorithm)).toBeNull()
  }
})

test.each([undefined, '', 'unknown', '__proto__', 'constructor', '../../etc/passwd'])(
  'kid %j finds nothing',
  async (kid) => {
    expect((await openRing()).find(kid, 'ES256')).toBeNull()
  },
)

test('a rotated key is published at once and signs after the lead', async () => {
  const ring = await openRing()
  const old = ring.signer().kid
  const { kid, activeFrom } = await ring.rotate('usr_admin')
  expect(activeFrom).toBe(clock.now() + lead)
  expect(publishedKids(ring)).toEqual([old, kid])
  expect(ring.find(kid, 'ES256')).not.toBeNull()
  clock.advance(lead - 1)
  expect(ring.signer().kid).toBe(old)
  clock.advance(1)
  expect(ring.signer().kid).toBe(kid)
})

test('rotating again before the new key signs is refused', async () => {
  const ring = await openRing()
  await ring.rotate('usr_admin')
  await expect(ring.rotate('usr_admin')).rejects.toMatchObject({ code: 'ROTATION_PENDING' })
  clock.advance(lead)
  await ring.rotate('usr_admin')
  expect(stages(ring)).toEqual(['retired', 'signing', 'upcoming'])
})

test('of eight processes that rotate at once one does', async () => {
  const rings = await Promise.all(Array.from({ length: 8 }, () => openRing()))
  const results = await Promise.allSettled(rings.map((ring) => ring.rotate('usr_admin')))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await signingKeys.list()).toHaveLength(2)
})

test('a rotation done by another process is picked up at reload', async () => {
  const [ring, other] = [await openRing(), await openRing()]
  const { kid } = await other.rotate('usr_admin')
  expect(publishedKids(ring)).not.toContain(kid)
  await ring.reload()
  expect(publishedKids(ring)).toContain(kid)
})

test('the version changes with the keys and only then', async () => {
  const ring = await openRing()
  const version = ring.version
  await ring.reload()
  expect(ring.version).toBe(version)
  await ring.rotate('usr_admin')
  expect(ring.version).not.toBe(version)
})

test('a retired key is published and found until its last token has expired', async () => {
  const ring = await openRing()
  const old = ring.signer().kid
  await rotateFully(ring)
  clock.advance(900 + 59)
  await ring.reload()
  expect(publishedKids(ring)).toContain(old)
  expect(ring.find(old, 'ES256')).not.toBeNull()
})

test('a key whose last token has expired is neither published nor kept', async () => {
  const ring = await openRing()
  const old = ring.signer().kid
  await rotateFully(ring)
  clock.advance(900 + 60)
  expect(publishedKids(ring)).not.toContain(old)
  await ring.reload()
  expect((await signingKeys.list()).map(({ kid }) => kid)).toEqual([ring.signer().kid])
})

test('a removed key is forgotten by every process', async () => {
  const [ring, other] = [await openRing(), await openRing()]
  const old = ring.signer().kid
  await rotateFully(ring)
  clock.advance(900 + 60)
  await ring.reload()
  await other.reload()
  expect(other.find(old, 'ES256')).toBeNull()
})

test('a key that has signed for 30 days gets a successor at reload', async () => {
  const ring = await openRing()
  clock.advance(30 * day - 1)
  await ring.reload()
  expect(stages(ring)).toEqual(['signing'])
  clock.advance(1)
  await ring.reload()
  expect(stages(ring)).toEqual(['signing', 'upcoming'])
})

test('of eight processes that find a rotation due one adds a key', async () => {
  const rings = await Promise.all(Array.from({ length: 8 }, () => openRing()))
  clock.advance(30 * day)
  await Promise.all(rings.map((ring) => ring.reload()))
  expect(await signingKeys.list()).toHaveLength(2)
  expect(rings.map(stages)).toEqual(rings.map(() => ['signing', 'upcoming']))
})

test('another configured algorithm is rotated to in stages', async () => {
  const before = await openRing({ algorithm: 'ES256' })
  const after = await openRing({ algorithm: 'EdDSA' })
  expect(after.signer()).toMatchObject({ kid: before.signer().kid, algorithm: 'ES256' })
  clock.advance(lead)
  expect(after.signer().algorithm).toBe('EdDSA')
})

test('a process with the old algorithm does not rotate back', async () => {
  const before = await openRing({ algorithm: 'ES256' })
  clock.advance(1)
  await openRing({ algorithm: 'EdDSA' })
  clock.advance(lead)
  await before.reload()
  expect(before.signer().algorithm).toBe('EdDSA')
  expect(stages(before)).toEqual(['retired', 'signing'])
})

test('a new application secret opens the keys and seals them anew', async () => {
  const kid = (await openRing()).signer().kid
  await openRing({ secrets: deriveApplicationSecrets(newSecret, oldSecret) })
  const ring = await openRing({ secrets: deriveApplicationSecrets(newSecret, null) })
  expect(ring.signer().kid).toBe(kid)
})

test('a process that knows only the old secret seals nothing back under it', async () => {
  const outdated = await openRing()
  await openRing({ secrets: deriveApplicationSecrets(newSecret, oldSecret) })
  const sealed = await signingKeys.list()
  await outdated.reload()
  expect(await signingKeys.list()).toEqual(sealed)
})

test('a wrong application secret does not start', async () => {
  await openRing()
  await expect(
    openRing({ secrets: deriveApplicationSecrets(newSecret, null) }),
  ).rejects.toMatchObject({ name: 'StartupError', problems: [expect.stringMatching(/cannot be/)] })
})

test('a key made under a newer secret does not stop a running process', async () => {
  const error = vi.fn<Logger['error']>()
  const ring = await openRing({ log: { ...silentLogger, error } })
  const changed = await openRing({ secrets: deriveApplicationSecrets(newSecret, oldSecret) })
  const old = ring.signer().kid
  const { kid } = await changed.rotate('usr_admin')
  await ring.reload()
  expect(ring.signer().kid).toBe(old)
  expect(error).toHaveBeenCalledWith({ kid, reason: 'OTHER_SECRET' }, expect.any(String))
})

test('a process that cannot open the signing key says so instead of using the old one', async () => {
  const ring = await openRing()
  const changed = await openRing({ secrets: deriveApplicationSecrets(newSecret, oldSecret) })
  await rotateFully(changed)
  await ring.reload()
  expect(() => ring.signer()).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }))
})

test('whoever can only write to the store cannot add a key to verify with', async () => {
  const ring = await openRing()
  const foreign = await openRing({
    signingKeys: memorySigningKeys(),
    secrets: deriveApplicationSecrets(newSecret, null),
  })
  const [genuine] = await signingKeys.list()
  const { kid } = foreign.signer()
  const planted = {
    kid,
    algorithm: 'ES256' as const,
    publicJwk: JSON.stringify(foreign.publicKeySet().keys[0]),
    sealedPrivateKey: genuine?.sealedPrivateKey ?? '',
    createdAt: clock.now(),
    activeFrom: clock.now() + day,
  }
  await signingKeys.add(planted, genuine?.kid ?? null)
  await ring.reload()
  expect(ring.find(kid, 'ES256')).toBeNull()
  expect(publishedKids(ring)).not.toContain(kid)
})

test('a stored key cannot be turned to another algorithm', async () => {
  await openRing({ algorithm: 'RS256' })
  const [genuine] = await signingKeys.list()
  if (!genuine) throw new Error('there is no key')
  await signingKeys.delete(genuine.kid)
  await signingKeys.add({ ...genuine, algorithm: 'PS256' }, null)
  await expect(openRing({ algorithm: 'PS256' })).rejects.toThrow('cannot be opened')
})

test('while the store fails the keys in memory stay and the failure is logged', async () => {
  const error = vi.fn<Logger['error']>()
  const broken = { ...signingKeys }
  const ring = await openRing({ signingKeys: broken, log: { ...silentLogger, error } })
  const { kid } = ring.signer()
  broken.list = () => Promise.reject(new Error('no connection'))
  await ring.reload()
  expect(error).toHaveBeenCalledTimes(1)
  expect(ring.signer().kid).toBe(kid)
  expect(publishedKids(ring)).toEqual([kid])
})

test('after a failure the next reload works again', async () => {
  const flaky = { ...signingKeys }
  const ring = await openRing({ signingKeys: flaky })
  const { kid } = await (await openRing()).rotate('usr_admin')
  flaky.list = () => Promise.reject(new Error('no connection'))
  await ring.reload()
  flaky.list = signingKeys.list
  await ring.reload()
  expect(publishedKids(ring)).toContain(kid)
})

test('a store that fails at the start stops the start', async () => {
  const broken = { ...signingKeys, list: () => Promise.reject(new Error('no connection')) }
  await expect(openRing({ signingKeys: broken })).rejects.toThrow('no connection')
})

test('a slow read does not bring older keys back', async () => {
  const slow = { ...signingKeys }
  const ring = await openRing({ signingKeys: slow })
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  slow.list = async () => {
    slow.list = signingKeys.list
    const keys = await signingKeys.list()
    await released
    return keys
  }
  const reloaded = ring.reload()
  const rotated = ring.rotate('usr_admin')
  // Long enough for a rotation that does not wait for the read before it.
  await Promise.race([rotated, setTimeout(100)])
  release()
  await Promise.all([reloaded, rotated])
  expect(stages(ring)).toEqual(['signing', 'upcoming'])
})
