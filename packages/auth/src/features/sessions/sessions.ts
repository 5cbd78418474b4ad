import { z } from 'zod'
import { auditEvent } from '../../audit/event.ts'
import { AuthError } from '../../base/errors.ts'
import { endEverySession, listLiveSessions } from '../../sessions/live-sessions.ts'
import { toSessionAnswer } from '../answers.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'
import { clearedRefreshCookie } from '../refresh-cookie.ts'
import { sessionSchema } from '../schemas.ts'

export const listSessions: Endpoint = userEndpoint({
  method: 'GET',
  path: '/sessions',
  tag: 'Sessions',
  summary: 'Lists where the caller is signed in.',
  success: [
    {
      status: 200,
      description: 'The live sessions, most recently used first.',
      schema: z.object({ sessions: z.array(sessionSchema) }),
    },
  ],
  errors: ['UNAVAILABLE'],

  async handle(deps, { caller }) {
    const sessions = await listLiveSessions(deps, caller.user)
    return Response.json({
      sessions: sessions.map((session) => toSessionAnswer(session, caller.session.id)),
    })
  },
})

export const endSession: Endpoint = userEndpoint({
  method: 'DELETE',
  path: '/sessions/:id',
  tag: 'Sessions',
  summary: 'Ends one of the caller’s sessions.',
  params: z.strictObject({ id: z.string().max(64) }),
  success: [{ status: 204, description: 'The session has ended.' }],
  errors: ['NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, client, params }) {
    const { sessions } = deps.stores
    const session = await sessions.find(params.id)
    // Somebody else's session and none at all look the same.
    if (session?.userId !== caller.user.id) throw new AuthError('NOT_FOUND')
    const actor = caller.user.id
    const about = { actor, subject: actor, sessionId: session.id, client }
    const audit = auditEvent(deps, 'session.ended', about)
    const ended = await sessions.end(session.id, 'ended_by_user', audit.at, { audit })
    if (!ended) throw new AuthError('NOT_FOUND')
    deps.log.info(
      { event: 'session.ended', userId: session.userId, sessionId: session.id, by: 'user' },
      'session ended',
    )
    return new Response(null, { status: 204 })
  },
})

export const endSessions: Endpoint = userEndpoint({
  method: 'DELETE',
  path: '/sessions',
  tag: 'Sessions',
  summary: 'Signs the caller out everywhere, or everywhere else.',
  query: z.strictObject({
    exceptCurrent: z
      .enum(['true', 'false'])
      .optional()
      .meta({ description: '`true` keeps the session the call is made with.' }),
  }),
  success: [{ status: 204, description: 'The sessions have ended.' }],
  errors: ['VALIDATION_FAILED', 'UNAVAILABLE'],

  async handle(deps, { caller, client, query }) {
    const userId = caller.user.id
    if (query.exceptCurrent === 'true') {
      const except = caller.session.id
      const about = { actor: userId, subject: userId, client, reason: 'all_others' }
      const audit = auditEvent(deps, 'sessions.ended', about)
      await deps.stores.sessions.endOthersOfUser(userId, {
        reason: 'logout_everywhere',
        at: audit.at,
        except,
        along: { audit },
      })
      deps.log.info(
        { event: 'sessions.ended', userId, except, by: 'user' },
        'every other session ended',
      )
      return new Response(null, { status: 204 })
    }
    await endEverySession(deps, userId, { reason: 'logout_everywhere', by: userId, client })
    deps.log.info({ event: 'sessions.ended', userId, by: 'user' }, 'every session ended')
    return new Response(null, {
      status: 204,
      headers: { 'set-cookie': clearedRefreshCookie(deps.settings) },
    })
  },
})
