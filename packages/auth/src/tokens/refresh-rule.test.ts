import { describe, expect, test } from 'vitest'
import { type ApplicationSecrets, deriveSecretKeys } from '../crypto/secrets.ts'
import type { Session } from '../model/session.ts'
import { advance, classify, type RefreshAttempt, type RefreshOutcome } from './refresh-rule.ts'
import {
  formatRefreshToken,
  hashRefreshSecret,
  maxGeneration,
  parseRefreshToken,
  type RefreshToken,
  toSessionId,
} from './refresh-token.ts'

const oldKeys = deriveSecretKeys(Buffer.alloc(32, 1))
const newKeys = deriveSecretKeys(Buffer.alloc(32, 2))
const secrets: ApplicationSecrets = { current: oldKeys, previous: null }
const changedSecrets: ApplicationSecrets = { current: newKeys, previous: oldKeys }

const start = 1_800_000_000
const idleSeconds = 3600
const user = { status: 'active', sessionVersion: 5 } as const

const firstToken: RefreshToken = {
  sessionId: toSessionId(Buffer.alloc(16, 7)),
  generation: 0,
  secret: new Uint8Array(32).fill(9),
}

const freshSession: Session = {
  id: firstToken.sessionId,
  userId: 'usr_AAAAAAAAAAAAAAAAAAAAAA',
  status: 'active',
  authVersion: 5,
  generation: 0,
  generations: [{ hash: hashRefreshSecret(firstToken.secret), startedAt: start }],
  createdAt: start,
  lastUsedAt: start,
  expiresAt: start + idleSeconds,
  maxExpiresAt: start + 7200,
  endedAt: null,
  endReason: null,
  authMethods: ['pwd'],
  ip: '192.0.2.1',
  userAgent: null,
}

/** What the rule says, with the settings that the others do not ask about. */
function judge(
  attempt: Partial<RefreshAttempt> & Pick<RefreshAttempt, 'session' | 'presented'>,
  rule: { secrets?: ApplicationSecrets } = {},
): RefreshOutcome {
  return classify(
    { secrets: rule.secrets ?? secrets, replayWindowSeconds: 60 },
    { user, now: start, ...attempt },
  )
}

/** Refreshes again and again. `tokens[n]` is generation n; the last one is current. */
function refreshed({
  times,
  idempotencyKey,
  everySeconds = 0,
}: {
  times: number
  idempotencyKey?: string
  everySeconds?: number
}): { session: Session; tokens: RefreshToken[] } {
  let session = freshSession
  const tokens = [firstToken]
  for (let count = 1; count <= times; count++) {
    const presented = tokenAt(tokens, -1)
    const now = start + count * everySeconds
    const outcome = judge({ session, presented, idempotencyKey, now })
    if (outcome.kind !== 'rotated') throw new Error(`expected a rotation, got ${outcome.kind}`)
    session = advance(session, { hash: outcome.hash, now, idleSeconds })
    tokens.push(parsed(outcome.refreshToken))
  }
  return { session, tokens }
}

function parsed(text: string): RefreshToken {
  const token = parseRefreshToken(changedSecrets, text)
  if (!token) throw new Error('not a token')
  return token
}

function tokenAt(tokens: readonly RefreshToken[], index: number): RefreshToken {
  const token = tokens.at(index)
  if (!token) throw new Error(`no token ${index}`)
  return token
}

const inWindow = start + 60
const afterWindow = start + 61

describe('the current token', () => {
  test('rotates to a token whose secret hashes to what is to be kept', () => {
    const outcome = judge({ session: freshSession, presented: firstToken })
    if (outcome.kind !== 'rotated') throw new Error(outcome.kind)
    expect(hashRefreshSecret(parsed(outcome.refreshToken).secret)).toEqual(outcome.hash)
    expect(parsed(outcome.refreshToken).generation).toBe(1)
  })

  test('is a fork when its generation is on record with another secret', () => {
    const presented = { ...firstToken, secret: new Uint8Array(32) }
    expect(judge({ session: freshSession, presented })).toEqual({ kind: 'reused', cause: 'forked' })
  })

  test('is reuse when it is ahead of the record', () => {
    const { tokens } = refreshed({ times: 1 })
    const outcome = judge({ session: freshSession, presented: tokenAt(tokens, 1) })
    expect(outcome).toEqual({ kind: 'reused', cause: 'unrecorded' })
  })

  test('counts with its generation: the right secret under another one is reuse', () => {
    const presented = { ...firstToken, generation: 1 }
    const outcome = judge({ session: freshSession, presented })
    expect(outcome).toEqual({ kind: 'reused', cause: 'unrecorded' })
  })

  test('is made with the new application secret during a change', () => {
    const outcome = judge(
      { session: freshSession, presented: firstToken },
      { secrets: changedSecrets },
    )
    if (outcome.kind !== 'rotated') throw new Error(outcome.kind)
    expect(outcome.refreshToken).toBe(formatRefreshToken(newKeys, parsed(outcome.refreshToken)))
  })
})

describe('a token without a key, one generation behind', () => {
  const { session, tokens } = refreshed({ times: 1 })
  const repeat = { session, presented: firstToken }
  const sameToken = formatRefreshToken(oldKeys, tokenAt(tokens, 1))

  test('gets the same successor to the last second of the window', () => {
    expect(judge({ ...repeat, now: inWindow })).toEqual({
      kind: 'replayed',
      refreshToken: sameToken,
    })
  })

  test('is reuse after the window', () => {
    expect(judge({ ...repeat, now: afterWindow })).toEqual({ kind: 'reused', cause: 'late' })
  })

  test('is a fork when it comes with a key', () => {
    const outcome = judge({ ...repeat, idempotencyKey: 'a-key-of-somebody' })
    expect(outcome).toEqual({ kind: 'reused', cause: 'forked' })
  })

  test('is a retry, not a theft, when the clock was set back', () => {
    expect(judge({ ...repeat, now: start - 86_400 }).kind).toBe('replayed')
  })

  test('gets the same bytes after the application secret changed', () => {
    const outcome = judge(repeat, { secrets: changedSecrets })
    expect(outcome).toEqual({ kind: 'replayed', refreshToken: sameToken })
  })
})

describe('a token with a key, one generation behind', () => {
  const { session, tokens } = refreshed({ times: 1, idempotencyKey: 'key-of-the-owner' })
  const repeat = { session, presented: firstToken, now: start + 3000 }

  test('gets the same successor however late', () => {
    expect(judge({ ...repeat, idempotencyKey: 'key-of-the-owner' })).toEqual({
      kind: 'replayed',
      refreshToken: formatRefreshToken(oldKeys, tokenAt(tokens, 1)),
    })
  })

  test('is a fork with another key', () => {
    const outcome = judge({ ...repeat, idempotencyKey: 'key-of-the-thief' })
    expect(outcome).toEqual({ kind: 'reused', cause: 'forked' })
  })

  test('is a fork without a key, inside the window too', () => {
    expect(judge({ ...repeat, now: start })).toEqual({ kind: 'reused', cause: 'forked' })
  })
})

describe('a token further behind', () => {
  test('without a key is superseded within the window of its own rotation', () => {
    const { session } = refreshed({ times: 3, everySeconds: 20 })
    expect(judge({ session, presented: firstToken, now: start + 80 }).kind).toBe('superseded')
  })

  test('without a key is reuse after that window, though later rotations are recent', () => {
    const { session } = refreshed({ times: 3, everySeconds: 20 })
    const outcome = judge({ session, presented: firstToken, now: start + 81 })
    expect(outcome).toEqual({ kind: 'reused', cause: 'late' })
  })

  test('with its key is superseded however late', () => {
    const { session } = refreshed({ times: 8, idempotencyKey: 'key', everySeconds: 300 })
    const attempt = { session, presented: firstToken, idempotencyKey: 'key', now: start + 5000 }
    expect(judge(attempt).kind).toBe('superseded')
  })

  test('with another key is a fork', () => {
    const { session } = refreshed({ times: 3, idempotencyKey: 'key' })
    const outcome = judge({ session, presented: firstToken, idempotencyKey: 'other' })
    expect(outcome).toEqual({ kind: 'reused', cause: 'forked' })
  })

  test('than a session remembers is reuse, whatever comes with it', () => {
    const { session } = refreshed({ times: 9, idempotencyKey: 'key' })
    const outcome = judge({ session, presented: firstToken, idempotencyKey: 'key' })
    expect(outcome).toEqual({ kind: 'reused', cause: 'forgotten' })
  })

  test('is superseded even if the application secret changed in between', () => {
    const { session } = refreshed({ times: 2, idempotencyKey: 'key' })
    const attempt = { session, presented: firstToken, idempotencyKey: 'key' }
    expect(judge(attempt, { secrets: changedSecrets }).kind).toBe('superseded')
  })
})

describe('lifetime', () => {
  const attempt = { session: freshSession, presented: firstToken }

  test('lasts to the second before the session expires', () => {
    expect(judge({ ...attempt, now: freshSession.expiresAt - 1 }).kind).toBe('rotated')
    expect(judge({ ...attempt, now: freshSession.expiresAt }).kind).toBe('expired')
  })

  test('an expired session ends for old tokens too, without a theft', () => {
    const { session } = refreshed({ times: 2 })
    expect(judge({ session, presented: firstToken, now: session.expiresAt }).kind).toBe('expired')
  })

  test('a session out of generations has expired', () => {
    const session = { ...freshSession, generation: maxGeneration }
    const presented = { ...firstToken, generation: maxGeneration }
    expect(judge({ session, presented }).kind).toBe('expired')
  })

  test('a use moves the end by the idle lifetime, from that use', () => {
    const next = advance(freshSession, { hash: new Uint8Array(32), now: start + 10, idleSeconds })
    expect(next.expiresAt).toBe(start + 10 + idleSeconds)
  })

  test('no use moves the end past the absolute lifetime', () => {
    const now = freshSession.maxExpiresAt - 1
    const next = advance(freshSession, { hash: new Uint8Array(32), now, idleSeconds })
    expect(next.expiresAt).toBe(freshSession.maxExpiresAt)
  })
})

describe('revoked', () => {
  const attempt = { session: freshSession, presented: firstToken }

  test.each([
    ['an ended session', { session: { ...freshSession, status: 'ended' as const } }],
    ['a blocked user', { user: { ...user, status: 'blocked' as const } }],
    ['a session from before the password change', { user: { ...user, sessionVersion: 6 } }],
  ])('%s does not go on', (_name, change) => {
    expect(judge({ ...attempt, ...change }).kind).toBe('revoked')
  })

  test('a token of an ended session is refused and nothing more, however old (G4)', () => {
    const { session } = refreshed({ times: 9 })
    const ended = { ...session, status: 'ended' as const }
    expect(judge({ session: ended, presented: firstToken })).toEqual({ kind: 'revoked' })
  })

  test('comes before expired', () => {
    const session = { ...freshSession, status: 'ended' as const }
    expect(judge({ ...attempt, session, now: session.expiresAt }).kind).toBe('revoked')
  })

  test('setting the clock back brings no ended session back', () => {
    const session = { ...freshSession, status: 'ended' as const, endedAt: start }
    expect(judge({ ...attempt, session, now: start - 1000 }).kind).toBe('revoked')
  })
})

describe('advancing', () => {
  test('keeps the last eight generations, newest first', () => {
    const { session, tokens } = refreshed({ times: 10 })
    const kept = tokens.slice(-8).toReversed()
    expect(session.generation).toBe(10)
    expect(session.generations.map(({ hash }) => hash)).toEqual(
      kept.map(({ secret }) => hashRefreshSecret(secret)),
    )
  })

  test('leaves the session it was given as it is', () => {
    const before = structuredClone(freshSession)
    advance(freshSession, { hash: new Uint8Array(32), now: start + 10, idleSeconds })
    expect(freshSession).toEqual(before)
  })
})
