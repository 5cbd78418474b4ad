import { auditEvent } from '../audit/event.ts'
import { AuthError, type ErrorCode } from '../base/errors.ts'
import type { EpochSeconds } from '../base/time.ts'
import type { Along } from '../model/along.ts'
import type { Session } from '../model/session.ts'
import type { User } from '../model/user.ts'
import { networkOf } from '../throttle/address.ts'
import { advance, classify, type RefreshOutcome, type ReuseCause } from '../tokens/refresh-rule.ts'
import { parseRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import { aboutContext, contextChanges } from './context.ts'
import { nameOfDevice } from './sign-in.ts'
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

type RefreshDeps = Pick<SessionDeps, 'clock' | 'log' | 'mailer' | 'secrets' | 'stores' | 'settings'>

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
  if (outcome.kind === 'rotated') return rotateInContext(deps, reading, outcome)
  if (outcome.kind === 'replayed') {
    return { ...found, kind: 'replayed', refreshToken: outcome.refreshToken }
  }
  if (outcome.kind === 'reused') return endForReuse(deps, reading, outcome)
  throw new AuthError(refusals[outcome.kind])
}

/** Rotates, unless the session is used from elsewhere and may not be. */
async function rotateInContext(
  deps: RefreshDeps,
  reading: Reading,
  outcome: RotatedOutcome,
): Promise<RefreshResult | null> {
  const { session, now } = reading
  const changes = contextChanges(session, reading)
  if (changes.length === 0) return rotate(deps, reading, outcome)

  const along = aboutContext(deps, { session, context: reading, changes })
  if (deps.settings.onContextChange === 'end') {
    await deps.stores.sessions.end(session.id, 'context_changed', now, along)
    throw new AuthError('SESSION_REVOKED', { detail: 'used from elsewhere' })
  }
  const rotated = await rotate(deps, reading, outcome)
  // Not in the statement that rotates, which many share. A crash in between leaves out a note.
  if (rotated) await deps.stores.outbox.add(along.mail ?? [], along.audit)
  return rotated
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
  const isEnded = await (onReuse === 'user' ? endAll : endOne)(deps, reading, cause)
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

function endOne(deps: RefreshDeps, reading: Reading, cause: ReuseCause): Promise<boolean> {
  const { session, now } = reading
  const along = aboutReuse(deps, reading, cause)
  return deps.stores.sessions.end(session.id, 'refresh_token_reused', now, along)
}

/** One statement ends them all: they were made under lower counters. */
async function endAll(deps: RefreshDeps, reading: Reading, cause: ReuseCause): Promise<boolean> {
  const { user, now } = reading
  const raised = await deps.stores.users.update(
    user.id,
    {
      raise: ['sessionVersion', 'tokenVersion'],
      reason: 'refresh_token_reused',
      updatedAt: now,
    },
    { sessionVersion: user.sessionVersion },
    aboutReuse(deps, reading, cause),
  )
  return raised === 'updated'
}

function aboutReuse(deps: RefreshDeps, reading: Reading, cause: ReuseCause): Along {
  const { user, session, ip, userAgent, now } = reading
  const about = { userId: user.id, device: nameOfDevice(userAgent), at: now }
  return {
    audit: auditEvent(deps, 'refresh_token.reused', {
      actor: 'anonymous',
      subject: user.id,
      sessionId: session.id,
      client: { network: networkOf(ip) },
      outcome: 'failure',
      reason: cause,
    }),
    mail: deps.mailer ? [deps.mailer.order('session_stolen', about)] : [],
  }
}
