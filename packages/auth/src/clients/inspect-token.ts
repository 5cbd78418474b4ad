import { type AccessToken, TokenError, type Verifier } from '@countersign/verify'
import { AuthError } from '../base/errors.ts'
import type { ApplicationSecrets } from '../crypto/secrets.ts'
import type { Stores } from '../model/stores.ts'
import type { Clock } from '../ports/clock.ts'
import { authenticateCaller } from '../sessions/authenticate-caller.ts'
import { isCurrentRefreshToken } from '../sessions/live-sessions.ts'
import { parseRefreshToken } from '../tokens/refresh-token.ts'

/** What introspection says of a good token (RFC 7662 §2.2). */
export type Inspected = Readonly<Record<string, unknown>>

interface InspectDeps {
  readonly clock: Clock
  readonly secrets: ApplicationSecrets
  readonly verifier: Verifier
  readonly stores: Pick<Stores, 'sessions' | 'clients'>
  readonly settings: { readonly issuer: string }
}

/**
 * What an access or refresh token of this authority says, if it is good now: looked up in the
 * store, not only read. `null` for every other text.
 *
 * @throws {AuthError} `UNAVAILABLE`: it cannot be told.
 */
export async function inspectToken(deps: InspectDeps, token: string): Promise<Inspected | null> {
  const refresh = parseRefreshToken(deps.secrets, token)
  if (refresh) {
    const found = await deps.stores.sessions.findWithUser(refresh.sessionId)
    if (!found || !isCurrentRefreshToken(refresh, found, deps.clock.now())) return null
    const { session } = found
    return {
      iss: deps.settings.issuer,
      sub: session.userId,
      sid: session.id,
      iat: session.lastUsedAt,
      exp: session.expiresAt,
      token_type: 'refresh_token',
    }
  }
  const claims = await verified(deps.verifier, token)
  if (!claims || !(await isCurrent(deps, token, claims))) return null
  return { ...claims, token_type: 'Bearer' }
}

/** The session a genuine token belongs to, whether it is still good or not; `null` without. */
export async function sessionOfToken(
  deps: Pick<InspectDeps, 'secrets' | 'verifier'>,
  token: string,
): Promise<string | null> {
  const refresh = parseRefreshToken(deps.secrets, token)
  if (refresh) return refresh.sessionId
  return (await verified(deps.verifier, token))?.sid ?? null
}

async function verified(verifier: Verifier, token: string): Promise<AccessToken | null> {
  try {
    return await verifier.verify(token)
  } catch (error) {
    if (error instanceof TokenError) return null
    throw error
  }
}

async function isCurrent(deps: InspectDeps, token: string, claims: AccessToken): Promise<boolean> {
  if (claims.sid === undefined) {
    const client = await deps.stores.clients.find(claims.sub)
    return client?.status === 'active' && client.tokenVersion === claims.tv
  }
  try {
    await authenticateCaller(deps, token)
    return true
  } catch (error) {
    if (error instanceof AuthError && error.status === 401) return false
    throw error
  }
}
