import { auditEvent } from '../audit/event.ts'
import {
  findByOneTimeSecret,
  invalid,
  type OneTimeDeps,
  type PresentedSecret,
} from './one-time-token.ts'

/**
 * Confirms an address by the link that was mailed to it. If the link comes from signing up once
 * more, the password given there holds from now on.
 *
 * @throws {AuthError} `ONE_TIME_TOKEN_INVALID`, `RATE_LIMITED`.
 */
export async function verifyEmail(deps: OneTimeDeps, input: PresentedSecret): Promise<void> {
  const { user, token, expected } = await findByOneTimeSecret(deps, 'verify_email', input)
  const passwordHash = token.detail
  const result = await deps.stores.users.update(
    user.id,
    {
      emailVerified: true,
      ...(passwordHash !== null && {
        passwordHash,
        raise: ['sessionVersion', 'tokenVersion'],
        reason: 'password_changed',
      }),
      updatedAt: deps.clock.now(),
    },
    { ...expected, ...(passwordHash !== null && { emailVerified: false }) },
    { audit: auditEvent(deps, 'email.verified', { actor: user.id, subject: user.id, ...input }) },
  )
  if (result !== 'updated') throw invalid('used by another request')
}
