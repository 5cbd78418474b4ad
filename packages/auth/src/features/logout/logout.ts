import { z } from 'zod'
import { auditEvent } from '../../audit/event.ts'
import { AuthError } from '../../base/errors.ts'
import { parseRefreshToken } from '../../tokens/refresh-token.ts'
import type { Deps } from '../deps.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { clearedRefreshCookie, presentedRefreshToken } from '../refresh-cookie.ts'
import { refreshTokenField } from '../schemas.ts'

export const logout: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/logout',
  tag: 'Sessions',
  summary: 'Ends the session a refresh token belongs to.',
  description:
    'Answers 200 whatever the token is: there is nothing a client could do about another answer. ' +
    'Any token of the session will do, an expired or an older one too.',
  readsCookie: true,
  body: z.strictObject({ refreshToken: refreshTokenField.optional() }),
  success: [
    {
      status: 200,
      description: 'The session, if there was one, has ended. The cookie is cleared.',
      schema: z.object({ message: z.string() }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'ORIGIN_REFUSED', 'UNAVAILABLE'],

  async handle(deps, { headers, client, body }) {
    const sessionId = sessionToEnd(deps, { headers, bodyToken: body.refreshToken })
    if (sessionId !== null) await endSession(deps, sessionId, client)
    const answer = Response.json({ message: 'Signed out.' })
    answer.headers.append('set-cookie', clearedRefreshCookie(deps.settings))
    return answer
  },
})

async function endSession(
  deps: Pick<Deps, 'stores' | 'clock' | 'log'>,
  sessionId: string,
  client: { readonly network: string },
): Promise<void> {
  const { stores, log } = deps
  const audit = auditEvent(deps, 'logout', { actor: 'anonymous', sessionId, client })
  const ended = await stores.sessions.end(sessionId, 'logout', audit.at, { audit })
  if (ended) log.info({ event: 'logout', sessionId }, 'signed out')
}

// Only the tag is checked: whoever holds any genuine token of a session may end it.
function sessionToEnd(
  deps: Pick<Deps, 'settings' | 'secrets'>,
  input: { headers: Headers; bodyToken: string | undefined },
): string | null {
  try {
    const presented = presentedRefreshToken(deps.settings, input)
    return presented ? (parseRefreshToken(deps.secrets, presented.token)?.sessionId ?? null) : null
  } catch (error) {
    if (error instanceof AuthError) return null
    throw error
  }
}
