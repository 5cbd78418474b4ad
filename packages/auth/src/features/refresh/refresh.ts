import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import { refreshSession } from '../../sessions/refresh-session.ts'
import { admitRefresh } from '../../throttle/admit-refresh.ts'
import { parseRefreshToken } from '../../tokens/refresh-token.ts'
import type { Deps } from '../deps.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { clearedRefreshCookie, presentedRefreshToken } from '../refresh-cookie.ts'
import { refreshTokenField, tokenAnswerSchema, transportField } from '../schemas.ts'
import { tokenAnswer } from '../token-answer.ts'
import { readIdempotencyKey } from './idempotency-key.ts'

export const refresh: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/refresh',
  tag: 'Sessions',
  summary: 'Exchanges a refresh token for new tokens.',
  description:
    'A repeat within 60 seconds, or at any time with the same `Idempotency-Key`, gets the same ' +
    'refresh token again. Any other second use ends the session.',
  readsCookie: true,
  body: z.strictObject({
    refreshToken: refreshTokenField.optional(),
    transport: transportField.optional(),
  }),
  success: [{ status: 200, description: 'New tokens.', schema: tokenAnswerSchema }],
  errors: [
    'VALIDATION_FAILED',
    'REFRESH_TOKEN_MISSING',
    'REFRESH_TOKEN_INVALID',
    'REFRESH_TOKEN_EXPIRED',
    'REFRESH_TOKEN_REUSED',
    'SESSION_REVOKED',
    'ORIGIN_REFUSED',
    'REFRESH_SUPERSEDED',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ],

  async handle(deps, { headers, client, body }) {
    const bodyToken = body.refreshToken
    const presented = presentedRefreshToken(deps.settings, { headers, bodyToken })
    if (!presented) throw new AuthError('REFRESH_TOKEN_MISSING')
    await admitRefresh(deps.throttle, {
      network: client.network,
      session: parseRefreshToken(deps.secrets, presented.token)?.sessionId,
    })
    const idempotencyKey = readIdempotencyKey(headers)
    const { ip, userAgent } = client
    try {
      const continued = await refreshSession(deps, {
        token: presented.token,
        idempotencyKey,
        ip,
        userAgent,
      })
      return await tokenAnswer(deps, continued, { transport: presented.transport })
    } catch (error) {
      throw presented.transport === 'cookie' ? withClearedCookie(deps, error) : error
    }
  },
})

// A definite no takes the cookie away. Anything else, such as a lost race or a store that
// is down, leaves it: the next try may well succeed.
function withClearedCookie(deps: Pick<Deps, 'settings'>, error: unknown): unknown {
  if (!(error instanceof AuthError) || error.status !== 401) return error
  return new AuthError(error.code, {
    ...(error.detail !== undefined && { detail: error.detail }),
    cause: error,
    headers: { 'set-cookie': clearedRefreshCookie(deps.settings) },
  })
}
