import { type AccessToken, TokenError, type Verifier } from '@countersign/verify'
import { AuthError } from '../base/errors.ts'
import type { Session } from '../model/session.ts'
import type { Stores } from '../model/stores.ts'
import type { User } from '../model/user.ts'

/** Who calls an endpoint of the authority itself. */
export interface Caller {
  readonly token: AccessToken
  readonly user: User
  readonly session: Session
}

/**
 * Finds out who calls by their access token, and whether what it says still holds: the
 * authority has the session and the user at hand, so it looks.
 *
 * @throws {AuthError} `TOKEN_INVALID`, `TOKEN_EXPIRED`, `TOKEN_REVOKED`.
 */
export async function authenticateCaller(
  deps: { readonly verifier: Verifier; readonly stores: Pick<Stores, 'sessions'> },
  token: string,
): Promise<Caller> {
  const claims = await verifyClaims(deps.verifier, token)
  const found =
    claims.sid === undefined ? null : await deps.stores.sessions.findWithUser(claims.sid)
  if (!found || !isCurrent(claims, found.session, found.user)) {
    throw new AuthError('TOKEN_REVOKED', { detail: 'the session or the user has changed since' })
  }
  return { token: claims, ...found }
}

async function verifyClaims(verifier: Verifier, token: string): Promise<AccessToken> {
  try {
    return await verifier.verify(token)
  } catch (cause) {
    if (cause instanceof TokenError) {
      throw new AuthError(cause.code, { detail: cause.detail, cause })
    }
    throw cause
  }
}

function isCurrent(claims: AccessToken, session: Session, user: User): boolean {
  return (
    session.status === 'active' &&
    session.userId === claims.sub &&
    session.authVersion === user.sessionVersion &&
    user.status === 'active' &&
    claims.tv === user.tokenVersion &&
    claims.rv === user.rolesVersion
  )
}
