import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { localRevocations } from '../revocation/local-revocations.ts'
import type { Revocation } from '../revocation/revocation.ts'
import { createTestIssuer } from '../testing/test-issuer.ts'
import { createVerifier } from '../token/create-verifier.ts'
import { watchToken } from './watch-token.ts'

const issuer = createTestIssuer()
const claims = { tv: 3, rv: 3, roles: ['editor'] }
let local: ReturnType<typeof localRevocations>
beforeEach(() => {
  vi.useFakeTimers()
  local = localRevocations()
  local.confirm(performance.now())
})
afterEach(() => void vi.useRealTimers())

async function watch() {
  const verifier = createVerifier({ ...issuer.verifierOptions, revocation: local })
  const onEnd = vi.fn()
  const token = await verifier.verify(issuer.token(claims))
  return { onEnd, watched: watchToken(verifier, token, onEnd) }
}
const entry = (kind: Revocation['kind'], key: string, floor = 0): Revocation => ({
  kind,
  key,
  floor,
  expiresAt: 4_000_000_000,
})

test('it ends when the token expires', async () => {
  const { onEnd } = await watch()
  vi.advanceTimersByTime(298_000)
  expect(onEnd).not.toHaveBeenCalled()
  vi.advanceTimersByTime(3000)
  expect(onEnd).toHaveBeenCalledExactlyOnceWith('TOKEN_EXPIRED')
})

test.each([
  entry('session', 'session-1'),
  entry('user', 'user-1', 4),
  entry('client', 'test', 4),
  entry('role', 'editor', 4),
  entry('key', 'test-key'),
])('it ends at once when $kind $key is revoked below $floor', async (each) => {
  const { onEnd } = await watch()
  local.merge([each])
  expect(onEnd).toHaveBeenCalledExactlyOnceWith('TOKEN_REVOKED')
})

test.each([
  entry('session', 'session-2'),
  entry('user', 'user-1', 3),
  entry('user', 'user-2', 4),
  entry('client', 'test', 3),
  entry('role', 'editor', 3),
  entry('role', 'critic', 4),
])('$kind $key below $floor is no concern of it', async (each) => {
  const { onEnd } = await watch()
  local.merge([each])
  expect(onEnd).not.toHaveBeenCalled()
})

test('it ends once', async () => {
  const { onEnd } = await watch()
  local.merge([entry('session', 'session-1'), entry('user', 'user-1', 9)])
  vi.advanceTimersByTime(400_000)
  expect(onEnd).toHaveBeenCalledTimes(1)
})

test('what was revoked before the watch began ends it, too', async () => {
  const verifier = createVerifier({ ...issuer.verifierOptions, revocation: local })
  const token = await verifier.verify(issuer.token(claims))
  local.merge([entry('session', 'session-1')])
  const onEnd = vi.fn()
  watchToken(verifier, token, onEnd)
  await Promise.resolve()
  expect(onEnd).toHaveBeenCalledExactlyOnceWith('TOKEN_REVOKED')
})

test('once stopped it tells nothing', async () => {
  const { onEnd, watched } = await watch()
  watched.stop()
  local.merge([entry('session', 'session-1')])
  vi.advanceTimersByTime(400_000)
  expect(onEnd).not.toHaveBeenCalled()
})

describe('a renewal', () => {
  test('moves the end', async () => {
    const { onEnd, watched } = await watch()
    vi.advanceTimersByTime(200_000)
    local.confirm(performance.now())
    await watched.renew(issuer.token(claims))
    vi.advanceTimersByTime(200_000)
    expect(onEnd).not.toHaveBeenCalled()
    vi.advanceTimersByTime(200_000)
    expect(onEnd).toHaveBeenCalledExactlyOnceWith('TOKEN_EXPIRED')
  })

  test.each([
    ['of another user', () => issuer.token({ sub: 'user-2' })],
    ['that is no token', () => 'a.b.c'],
  ])('with a token %s is refused, and changes nothing', async (_, make) => {
    const { watched } = await watch()
    await expect(watched.renew(make())).rejects.toMatchObject({ code: 'TOKEN_INVALID' })
    expect(watched.token.sub).toBe('user-1')
  })
})
