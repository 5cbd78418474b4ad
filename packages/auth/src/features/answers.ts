import { toIsoTime } from '../base/time.ts'
import type { KeyStatus } from '../keys/key-status.ts'
import type { Session } from '../model/session.ts'
import type { User } from '../model/user.ts'
import { describeDevice } from '../sessions/describe-device.ts'

/** A user as the API shows it: nothing of hashes, keys or counters. */
export function toUserAnswer(user: User): Record<string, unknown> {
  return {
    id: user.id,
    email: user.email,
    emailVerified: user.emailVerified,
    ...(user.username !== null && { username: user.username }),
    ...(user.name !== null && { name: user.name }),
    roles: user.roles,
    createdAt: toIsoTime(user.createdAt),
    updatedAt: toIsoTime(user.updatedAt),
  }
}

/** A user as administrators see it. */
export function toAdminUserAnswer(user: User): Record<string, unknown> {
  return { ...toUserAnswer(user), status: user.status }
}

/** @param currentSessionId The session of whoever asks. */
export function toSessionAnswer(
  session: Session,
  currentSessionId: string | undefined,
): Record<string, unknown> {
  return {
    id: session.id,
    current: session.id === currentSessionId,
    createdAt: toIsoTime(session.createdAt),
    lastUsedAt: toIsoTime(session.lastUsedAt),
    expiresAt: toIsoTime(session.expiresAt),
    ip: session.ip,
    userAgent: session.userAgent,
    device: describeDevice(session.userAgent),
    authMethods: session.authMethods,
  }
}

/** A signing key as administrators see it. */
export function toKeyAnswer(key: KeyStatus): Record<string, unknown> {
  return {
    kid: key.kid,
    algorithm: key.algorithm,
    stage: key.stage,
    createdAt: toIsoTime(key.createdAt),
    activeFrom: toIsoTime(key.activeFrom),
  }
}
