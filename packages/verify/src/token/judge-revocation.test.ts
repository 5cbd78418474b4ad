import { beforeEach, describe, expect, test, vi } from 'vitest'
import { localRevocations } from '../revocation/local-revocations.ts'
import type { Revocation } from '../revocation/revocation.ts'
import type { RevocationSource } from '../revocation/revocation-source.ts'
import { createTestIssuer } from '../testing/test-issuer.ts'
import type { AccessToken } from './access-token.ts'
import { createVerifier } from './create-verifier.ts'
import type { TokenUse, Verifier } from './verifier.ts'

const start = 1_800_000_000_000
let now = start
const clock = { monotonic: () => now, wall: () => now }
const issuer = createTestIssuer({ clock: { now: () => Math.floor(now / 1000) } })
const session: Revocation = {
  kind: 'session',
  key: 'session-1',
  floor: 0,
  expiresAt: start / 1000 + 3600,
}

let local: ReturnType<typeof localRevocations>
beforeEach(() => {
  now = start
  local = localRevocations(clock)
  local.confirm(now)
})

const verifierOf = (revocation: RevocationSource): Verifier =>
  createVerifier({ ...issuer.verifierOptions, revocation })

/** A source that also answers what it is asked. */
const asking = (introspect: RevocationSource['introspect']): RevocationSource => ({
  ...local,
  get isReady() {
    return local.isReady
  },
  ...(introspect && { introspect }),
})

/** What becomes of a token: its claims, or the code of the error. */
async function fateOf(verifier: Verifier, token: string, use?: TokenUse): Promise<string> {
  try {
    const { sub }: AccessToken = await verifier.verify(token, use)
    return sub
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('a verifier says where it learns of revocations', () => {
  expect(createVerifier(issuer.verifierOptions).revocation).toBeNull()
  expect(verifierOf(local).revocation).toBe(local)
})

test('a token is good until it is revoked, its signature known or not', async () => {
  const verifier = verifierOf(local)
  const token = issuer.token()
  expect(await fateOf(verifier, token)).toBe('user-1')
  local.merge([session])
  expect(await fateOf(verifier, token)).toBe('TOKEN_REVOKED')
  expect(await fateOf(verifier, issuer.token())).toBe('TOKEN_REVOKED')
  expect(await fateOf(verifier, issuer.token({ sid: 'session-2' }))).toBe('user-1')
})

test('a compromised key revokes also what is cached', async () => {
  const verifier = verifierOf(local)
  const token = issuer.token()
  await verifier.verify(token)
  local.merge([{ ...session, kind: 'key', key: 'test-key' }])
  expect(await fateOf(verifier, token)).toBe('TOKEN_REVOKED')
})

test('a forged token is invalid, not revoked', async () => {
  local.merge([session])
  const token = issuer.token()
  expect(await fateOf(verifierOf(local), `${token.slice(0, -8)}AAAAAAAA`)).toBe('TOKEN_INVALID')
})

test('an expired token is expired, revoked or not', async () => {
  local.merge([session])
  const token = issuer.token()
  now += 400_000
  expect(await fateOf(verifierOf(local), token)).toBe('TOKEN_EXPIRED')
})

test('what is fresh is judged at once, without a promise', () => {
  expect(verifierOf(local).verifyNow(issuer.token())).toMatchObject({ sub: 'user-1' })
})

test('before the first complete copy nothing is accepted, by no policy', async () => {
  const source = localRevocations(clock)
  const verifier = verifierOf(source)
  for (const policy of ['strict', 'default', 'available'] as const) {
    const fate = await fateOf(verifier, issuer.token(), { policy, isSafe: true })
    expect(fate).toBe('REVOCATION_STATE_STALE')
  }
})

describe('when the copy is two seconds old', () => {
  beforeEach(() => {
    now += 2000
  })

  test('reading goes on, and is counted', async () => {
    expect(await fateOf(verifierOf(local), issuer.token(), { isSafe: true })).toBe('user-1')
    expect(local.status().acceptedStale).toBe(1)
  })

  test.each([{ policy: 'strict', isSafe: true }, { policy: 'default' }, {}] as const)(
    '%j asks, and takes the answer',
    async (use) => {
      const yes = vi.fn(async () => true)
      const token = issuer.token()
      expect(await fateOf(verifierOf(asking(yes)), token, use)).toBe('user-1')
      expect(yes).toHaveBeenCalledExactlyOnceWith(token)
      expect(await fateOf(verifierOf(asking(async () => false)), token, use)).toBe('TOKEN_REVOKED')
    },
  )

  test('without an answer the token is neither good nor bad', async () => {
    const silent = asking(() => Promise.reject(new Error('down')))
    expect(await fateOf(verifierOf(silent), issuer.token())).toBe('REVOCATION_STATE_STALE')
    expect(await fateOf(verifierOf(local), issuer.token())).toBe('REVOCATION_STATE_STALE')
  })

  test('what the copy knows to be dead is dead, without a question', async () => {
    const yes = vi.fn(async () => true)
    local.merge([session])
    const use = { policy: 'available' } as const
    expect(await fateOf(verifierOf(asking(yes)), issuer.token(), use)).toBe('TOKEN_REVOKED')
    expect(yes).not.toHaveBeenCalled()
  })

  test('an invalid token is refused without a question', async () => {
    const yes = vi.fn(async () => true)
    expect(await fateOf(verifierOf(asking(yes)), 'a.b.c')).toBe('TOKEN_INVALID')
    expect(yes).not.toHaveBeenCalled()
  })
})

test('every refusal is counted by its reason, and what is accepted is not', async () => {
  const source = localRevocations(clock)
  expect(source.status().refusals).toEqual({ revoked: 0, inactive: 0, stale: 0, notReady: 0 })
  await fateOf(verifierOf(source), issuer.token())
  source.confirm(now)
  await fateOf(verifierOf(source), issuer.token())
  now += 2000
  await fateOf(verifierOf(source), issuer.token())
  await fateOf(
    verifierOf({ ...source, isReady: true, introspect: async () => false }),
    issuer.token(),
  )
  source.merge([session])
  for (let time = 0; time < 3; time += 1) await fateOf(verifierOf(source), issuer.token())
  expect(source.status().refusals).toEqual({ revoked: 3, inactive: 1, stale: 1, notReady: 1 })
})

test('a revocation option that is none is refused', () => {
  const options = { ...issuer.verifierOptions, revocation: {} as RevocationSource }
  expect(() => createVerifier(options)).toThrow('revocation')
})
