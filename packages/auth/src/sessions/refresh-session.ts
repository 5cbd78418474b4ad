import { AuthError, type ErrorCode } from '../base/errors.ts'
import type { EpochSeconds } from '../base/time.ts'
import type { Session } from '../model/session.ts'
import type { User } from '../model/user.ts'
import { advance, classify, type RefreshOutcome } from '../tokens/refresh-rule.ts'
import { parseRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import type { SessionDeps } from './start-session.ts'

/** A refresh as it was asked for. */
export interface RefreshInput {
  readonly token: string
  /** 16 to 128 ASCII characters, checked by the endpoint. */
  readonly idempotencyKey?: string | undefined
  readonly ip: string
  readonly userAgent: string | null
}

/** What a refresh gives. `user` is as of the same read that judged the token. */
export interface RefreshResult {
  /** `replayed`: a repeat, answered with the token that the first request got. */
  readonly kind: 'rotated' | 'replayed'
  readonly session: Session
  readonly user: User
  readonly refreshToken: string
}

type RefreshDeps = Pick<SessionDeps, 'clock' | 'log' | 'secrets' | 'stores' | 'settings'>

/** A refresh and what is on record for it, read at `now`. */
interface Reading extends RefreshInput {
  readonly session: Session
  readonly user: User
  readonly presented: RefreshToken
  readonly now: EpochSeconds
}

type ReusedOutcome = Extract<RefreshOutcome, { kind: 'reused' }>
type RotatedOutcome = Extract<RefreshOutcome, { kind: 'rotated' }>

const refusals = {
  revoked: 'SESSION_REVOKED',
  expired: 'REFRESH_TOKEN_EXPIRED',
  superseded: 'REFRESH_SUPERSEDED',
} as const satisfies Partial<Record<RefreshOutcome['kind'], ErrorCode>>

// Whoever loses a race reads a record further on: `rotated`, then `reused`, then `revoked`
// is the longest way.
const maxAttempts = 3

/**
 * Exchanges a refresh token for the next one, or ends the session if two parties hold it.
 *
 * A retry gets the token that the first attempt got: without a key within the replay window,
 * with the same `idempotencyKey` at any time. Makes no access token.
 *
 * @throws {AuthError} `REFRESH_TOKEN_INVALID`: not a token of ours. `SESSION_REVOKED`,
 *   `REFRESH_TOKEN_EXPIRED`: sign in again. `REFRESH_SUPERSEDED`: a late repeat, nothing
 *   changed. `REFRESH_TOKEN_REUSED`: the session has ended just now. `UNAVAILABLE`: lost
 *   every race; try again.
 */
export async function refreshSession(
  deps: RefreshDeps,
  input: RefreshInput,
): Promise<RefreshResult> {
  const presented = parseRefreshToken(deps.secrets, input.token)
  if (!presented) throw new AuthError('REFRESH_TOKEN_INVALID', { detail: 'not a genuine token' })

  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const result = await attemptRefresh(deps, input, presented)
    if (result) return result
  }
  throw new AuthError('UNAVAILABLE', { detail: 'refresh lost every race', retryAfterSeconds: 1 })
}

/** Reads, judges and applies. `null`: the record changed in between; nothing was done. */
async function attemptRefresh(
  deps: RefreshDeps,
  input: RefreshInput,
  presented: RefreshToken,
): Promise<RefreshResult | null> {
  const found = await deps.stores.sessions.findWithUser(presented.sessionId)
  if (!found) throw new AuthError('REFRESH_TOKEN_INVALID', { detail: 'no such session' })

  const reading: Reading = { ...input, ...found, presented, now: deps.clock.now() }
  const rule = { secrets: deps.secrets, replayWindowSeconds: deps.settings.replayWindowSeconds }
  const outcome = classify(rule, reading)
  if (outcome.kind === 'rotated') return rotate(deps, reading, outcome)
  if (outcome.kind === 'replayed') {
    return { ...found, kind: 'replayed', refreshToken: outcome.refreshToken }
  }
  if (outcome.kind === 'reused') return endForReuse(deps, reading, outcome)
  throw new AuthError(refusals[outcome.kind])
}

async function rotate(
  { stores, settings }: RefreshDeps,
  { session, user, now, ip, userAgent }: Reading,
  { hash, refreshToken }: RotatedOutcome,
): Promise<RefreshResult | null> {
  const { idleSeconds } = settings
  const next: Session = { ...advance(session, { hash, now, idleSeconds }), ip, userAgent }
  const isRotated = await stores.sessions.rotate({
    sessionId: session.id,
    fromGeneration: session.generation,
    sessionVersion: user.sessionVersion,
    generations: next.generations,
    lastUsedAt: next.lastUsedAt,
    expiresAt: next.expiresAt,
    ip,
    userAgent,
  })
  return isRotated ? { kind: 'rotated', session: next, user, refreshToken } : null
}

async function endForReuse(
  deps: RefreshDeps,
  reading: Reading,
  { cause }: ReusedOutcome,
): Promise<null> {
  const { onReuse } = deps.settings
  const { session, user, presented, ip, userAgent } = reading
  const isEnded = onReuse === 'user' ? await endAll(deps, reading) : await endOne(deps, reading)
  if (!isEnded) return null

  deps.log.warn(
    {
      event: 'refresh_token_reused',
      cause,
      ended: onReuse,
      sessionId: session.id,
      userId: user.id,
      generation: session.generation,
      presentedGeneration: presented.generation,
      ip,
      userAgent,
    },
    'A refresh token was used by two parties. Its session has ended.',
  )
  throw new AuthError('REFRESH_TOKEN_REUSED', { detail: cause })
}

function endOne({ stores }: RefreshDeps, { session, now }: Reading): Promise<boolean> {
  return stores.sessions.end(session.id, 'refresh_token_reused', now)
}

/** One statement ends them all: they were made under lower counters. */
async function endAll({ stores }: RefreshDeps, { user, now }: Reading): Promise<boolean> {
  const raised = await stores.users.update(
    user.id,
    {
      raise: ['sessionVersion', 'tokenVersion'],
      reason: 'refresh_token_reused',
      updatedAt: now,
    },
    { sessionVersion: user.sessionVersion },
  )
  return raised === 'updated'
}
