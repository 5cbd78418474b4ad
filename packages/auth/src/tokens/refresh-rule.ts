import { isEqualConstantTime } from '../base/constant-time.ts'
import type { EpochSeconds } from '../base/time.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import { rememberedGenerations, type Session } from '../model/session.ts'
import type { User } from '../model/user.ts'
import {
  findSuccessor,
  formatRefreshToken,
  hashRefreshSecret,
  maxGeneration,
  type RefreshToken,
  successorOf,
} from './refresh-token.ts'

/** What the rule is set to. */
export interface RefreshRule {
  readonly secrets: ApplicationSecrets
  /** How long a repeat without a key counts as a retry, from the rotation it repeats. */
  readonly replayWindowSeconds: number
}

/** One genuine refresh token presented, and what is on record at that moment. */
export interface RefreshAttempt {
  readonly session: Session
  readonly user: Pick<User, 'status' | 'sessionVersion'>
  readonly presented: RefreshToken
  readonly idempotencyKey?: string | undefined
  readonly now: EpochSeconds
}

/**
 * How a reuse shows. For the log: a fleet of `late` is a network that is down for long,
 * one `forked` is a theft.
 *
 * - `forked`: another request has used this generation, with another key or none
 * - `late`: the same request without a key, after the window
 * - `forgotten`: more generations behind than a session remembers
 * - `unrecorded`: ahead of the record, which a database set back to a backup causes
 */
export type ReuseCause = 'forked' | 'late' | 'forgotten' | 'unrecorded'

/**
 * - `revoked`: the session or its user may not go on
 * - `expired`: past its idle or absolute lifetime, or out of generations
 * - `rotated`: the current token; `hash` is to become the current one
 * - `replayed`: a repeat of the last rotation; gets the same token once more
 * - `superseded`: a repeat of an older rotation; nothing changes
 * - `reused`: two parties hold this session's tokens, as far as a server can tell
 */
export type RefreshOutcome =
  | { readonly kind: 'revoked' | 'expired' | 'superseded' }
  | { readonly kind: 'rotated'; readonly refreshToken: string; readonly hash: Uint8Array }
  | { readonly kind: 'replayed'; readonly refreshToken: string }
  | { readonly kind: 'reused'; readonly cause: ReuseCause }

/**
 * The refresh rule: what a genuine token means for its session. Reads no clock and no store,
 * and changes nothing.
 *
 * The order matters: a dead session answers `revoked` to everything, so that an old token
 * can end a session once and do nothing more.
 */
export function classify(rule: RefreshRule, attempt: RefreshAttempt): RefreshOutcome {
  const { session, presented, now } = attempt
  if (isRevoked(attempt)) return { kind: 'revoked' }
  if (now >= session.expiresAt || session.generation >= maxGeneration) return { kind: 'expired' }
  // A session bound to a key checks the proof here (`proof_invalid`) …
  if (isCurrent(session, presented)) return rotation(rule, attempt)
  // … and moves forward from here with any older token (`forwarded`).
  return classifyRepeat(rule, attempt)
}

function isRevoked({ session, user }: RefreshAttempt): boolean {
  return (
    session.status !== 'active' ||
    user.status !== 'active' ||
    session.authVersion < user.sessionVersion
  )
}

function isCurrent({ generation, generations }: Session, presented: RefreshToken): boolean {
  const current = generations[0]
  return (
    presented.generation === generation &&
    current !== undefined &&
    isEqualConstantTime(hashRefreshSecret(presented.secret), current.hash)
  )
}

function rotation(
  { secrets }: RefreshRule,
  { presented, idempotencyKey }: RefreshAttempt,
): RefreshOutcome {
  const successor = successorOf(secrets.current, presented, idempotencyKey)
  return {
    kind: 'rotated',
    refreshToken: formatRefreshToken(secrets.current, successor),
    hash: hashRefreshSecret(successor.secret),
  }
}

/** Tells a retry from a second party by the successor that the token was given. */
function classifyRepeat(rule: RefreshRule, attempt: RefreshAttempt): RefreshOutcome {
  const { session, presented, idempotencyKey, now } = attempt
  const behind = session.generation - presented.generation
  if (behind < 0) return { kind: 'reused', cause: 'unrecorded' }
  // Genuine, of this generation, and not the one on record: the record was set back and
  // the generation given out a second time.
  if (behind === 0) return { kind: 'reused', cause: 'forked' }

  const next = session.generations[behind - 1]
  if (!next) return { kind: 'reused', cause: 'forgotten' }
  const refreshToken = findSuccessor(rule.secrets, presented, { idempotencyKey, hash: next.hash })
  if (!refreshToken) return { kind: 'reused', cause: 'forked' }

  // A clock set back makes the difference negative: still a retry, never a theft.
  const isInWindow = now - next.startedAt <= rule.replayWindowSeconds
  if (idempotencyKey === undefined && !isInWindow) return { kind: 'reused', cause: 'late' }
  return behind === 1 ? { kind: 'replayed', refreshToken } : { kind: 'superseded' }
}

/**
 * The session one generation further, as a `rotated` outcome asks for. Changes no store:
 * see `SessionStore.rotate`.
 */
export function advance(
  session: Session,
  { hash, now, idleSeconds }: { hash: Uint8Array; now: EpochSeconds; idleSeconds: number },
): Session {
  const generations = [{ hash, startedAt: now }, ...session.generations]
  return {
    ...session,
    generation: session.generation + 1,
    generations: generations.slice(0, rememberedGenerations),
    lastUsedAt: now,
    expiresAt: Math.min(now + idleSeconds, session.maxExpiresAt),
  }
}
