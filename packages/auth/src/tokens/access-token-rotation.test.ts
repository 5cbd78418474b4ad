import { createVerifier, type KeySource, staticKeySet, type Verifier } from '@countersign/verify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deriveApplicationSecrets } from '../crypto/secrets.ts'
import { type KeyRing, openKeyRing } from '../keys/key-ring.ts'
import type { KeySchedule } from '../keys/stages.ts'
import type { Stores } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'
import { silentLogger } from '../ports/logger.ts'
import { openSqlStores } from '../stores/sql/open-sql-stores.ts'
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts'
import { fakeRandom } from '../testing/fake-random.ts'
import { type IssuedAccessToken, issueAccessToken } from './access-token.ts'

const names = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' }
const schedule: KeySchedule = {
  jwksCacheSeconds: 90,
  reloadSeconds: 5,
  accessTokenSeconds: 60,
  rotationSeconds: 60,
}
const settings = { ...names, accessTokenSeconds: schedule.accessTokenSeconds }
const random = fakeRandom()
const secrets = deriveApplicationSecrets(random.bytes(32), null)
const user = { id: 'usr_1', roles: ['editor'], tokenVersion: 1, rolesVersion: 0 }
const session = {
  id: 'ses_1',
  userId: 'usr_1',
  createdAt: 0,
  expiresAt: Number.POSITIVE_INFINITY,
  authMethods: ['pwd'],
}

/** One process of the authority. */
interface Issuer {
  readonly ring: KeyRing
  readonly clock: Clock
}

let clock: FakeClock
let stores: Stores

beforeEach(async () => {
  clock = fakeClock()
  stores = await openSqlStores({ url: 'sqlite::memory:', log: silentLogger })
})

afterEach(() => stores.close())

/** @param skews How far the clock of each process is off, in seconds. */
function startIssuers(skews: readonly number[]): Promise<Issuer[]> {
  return Promise.all(
    skews.map(async (skew) => {
      const own: Clock = { ...clock, now: () => clock.now() + skew }
      const ring = await openKeyRing(
        { signingKeys: stores.signingKeys, secrets, clock: own, random, log: silentLogger },
        { algorithm: 'ES256', schedule },
      )
      return { ring, clock: own }
    }),
  )
}

const issue = ({ ring, clock }: Issuer) =>
  issueAccessToken(
    { clock, random, keys: ring, log: silentLogger, settings },
    { user, session, permissions: [] },
  )

/** A resource server that fetches the key set as seldom as its `max-age` allows. */
function startVerifier(fetchFrom: () => KeyRing, phase: number): Verifier {
  let keys = staticKeySet(fetchFrom().publicKeySet())
  let fetchedAt = clock.now() - phase
  let fetches = 0
  const current = () => {
    if (clock.now() - fetchedAt >= schedule.jwksCacheSeconds) {
      keys = staticKeySet(fetchFrom().publicKeySet())
      fetchedAt = clock.now()
      fetches += 1
    }
    return keys
  }
  const cached: KeySource = {
    find: (kid, algorithm) => current().find(kid, algorithm),
    get version() {
      current()
      return fetches
    },
  }
  return createVerifier({ ...names, keys: cached, clock, clockToleranceSeconds: 60 })
}

function accepts(verifier: Verifier, token: string): boolean {
  try {
    return verifier.verifyNow(token) !== undefined
  } catch {
    return false
  }
}

/** Issues and verifies for a while; counts what should never be. */
async function run(issuers: readonly Issuer[], seconds: number) {
  const kids = new Set<string>()
  const outcome = { verified: 0, refused: 0, disagreements: 0, rotations: 0 }
  let turn = 0
  const nextRing = () => (issuers[turn++ % issuers.length] as Issuer).ring
  const verifiers = [0, 31, 67].map((phase) => startVerifier(nextRing, phase))
  let live: IssuedAccessToken[] = []

  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1)
    const due = issuers.filter((_, index) => (second + index) % schedule.reloadSeconds === 0)
    await Promise.all(due.map(({ ring }) => ring.reload()))

    const signers = new Set(issuers.map(({ ring }) => ring.signer().kid))
    if (signers.size > 1) outcome.disagreements += 1
    for (const kid of signers) kids.add(kid)

    live = live.filter(({ expiresAt }) => expiresAt > clock.now())
    live.push(issue(issuers[second % issuers.length] as Issuer))
    for (const { accessToken } of live) {
      for (const verifier of verifiers) {
        outcome[accepts(verifier, accessToken) ? 'verified' : 'refused'] += 1
      }
    }
  }
  return { ...outcome, rotations: kids.size - 1 }
}

// A hundred thousand verifications.
const patience = { timeout: 120_000 }

test(
  'while keys rotate, no valid token is refused and exactly one key signs',
  patience,
  async () => {
    const issuers = await startIssuers([0, 0, 0])
    const outcome = await run(issuers, 700)
    expect(outcome).toMatchObject({ refused: 0, disagreements: 0, rotations: 3 })
    expect(outcome.verified).toBeGreaterThan(50_000)
  },
)

test('clocks that are a minute apart refuse no valid token', patience, async () => {
  const issuers = await startIssuers([-30, 30, 0])
  expect(await run(issuers, 500)).toMatchObject({ refused: 0, rotations: 2 })
})

test('retired keys do not pile up', async () => {
  const issuers = await startIssuers([0, 0])
  for (let turn = 0; turn < 200; turn += 1) {
    clock.advance(schedule.reloadSeconds)
    await Promise.all(issuers.map(({ ring }) => ring.reload()))
  }
  expect((await stores.signingKeys.list()).length).toBeLessThanOrEqual(3)
})
