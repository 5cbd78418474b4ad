import { toIsoTime } from '../base/time.ts'
import { serializeCookie } from '../http/cookies.ts'
import type { Session } from '../model/session.ts'
import type { User } from '../model/user.ts'
import { issueAccessToken } from '../tokens/access-token.ts'
import { toUserAnswer } from './answers.ts'
import type { Deps } from './deps.ts'
import { refreshCookie } from './refresh-cookie.ts'

/** How a refresh token travels (see `api.md`, "Token transports"). */
export type Transport = 'cookie' | 'body'

/** A session that just started or moved forward. */
export interface Continued {
  readonly user: User
  readonly session: Session
  readonly refreshToken: string
}

/**
 * The answer to a sign-in or a refresh: an access token in the body, the refresh token
 * where the transport says.
 */
export async function tokenAnswer(
  deps: Pick<Deps, 'settings' | 'clock' | 'random' | 'keys' | 'stores' | 'log' | 'statusLists'>,
  continued: Continued,
  options: {
    readonly transport: Transport
    readonly status?: 200 | 201
    readonly withUser?: boolean
    /** More cookies to set. */
    readonly cookies?: readonly string[]
  },
): Promise<Response> {
  const { user, session, refreshToken } = continued
  const permissions = await deps.stores.roles.permissionsOf(user.roles)
  const status = (await deps.statusLists?.referenceFor({ session, user })) ?? null
  const { accessToken, expiresIn } = issueAccessToken(deps, { user, session, permissions, status })
  const body = {
    accessToken,
    tokenType: 'Bearer',
    expiresIn,
    ...(options.transport === 'body' && { refreshToken }),
    refreshExpiresAt: toIsoTime(session.expiresAt),
    sessionId: session.id,
    ...(options.withUser && { user: toUserAnswer(user) }),
  }
  const answer = Response.json(body, { status: options.status ?? 200 })
  if (options.transport === 'cookie') {
    const maxAge = session.expiresAt - deps.clock.now()
    answer.headers.append(
      'set-cookie',
      serializeCookie(refreshCookie(deps.settings), refreshToken, maxAge),
    )
  }
  for (const cookie of options.cookies ?? []) answer.headers.append('set-cookie', cookie)
  return answer
}
