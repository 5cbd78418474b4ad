import { z } from 'zod'
import { endEverySession, listLiveSessions } from '../../sessions/live-sessions.ts'
import { toSessionAnswer } from '../answers.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'
import { sessionSchema, userIdParams } from '../schemas.ts'
import { getTargetUser, getUser } from './target.ts'

export const listUserSessions: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/users/:id/sessions',
  tag: 'Administration',
  permission: 'users:read',
  summary: 'Lists where a user is signed in.',
  params: userIdParams,
  success: [
    {
      status: 200,
      description: 'The live sessions, most recently used first.',
      schema: z.object({ sessions: z.array(sessionSchema) }),
    },
  ],
  errors: ['NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, params }) {
    const sessions = await listLiveSessions(deps, await getUser(deps, params.id))
    return Response.json({
      sessions: sessions.map((session) => toSessionAnswer(session, caller.session.id)),
    })
  },
})

export const endUserSessions: Endpoint = userEndpoint({
  method: 'DELETE',
  path: '/admin/users/:id/sessions',
  tag: 'Administration',
  permission: 'users:write',
  summary: 'Signs a user out everywhere.',
  params: userIdParams,
  success: [{ status: 204, description: 'Every session has ended; access tokens are dead.' }],
  errors: ['NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, client, params }) {
    const user = await getTargetUser(deps, { id: params.id, caller })
    await endEverySession(deps, user.id, {
      reason: 'ended_by_admin',
      by: caller.user.id,
      client,
    })
    deps.log.info(
      { event: 'sessions.ended', userId: user.id, by: caller.user.id },
      'every session ended',
    )
    return new Response(null, { status: 204 })
  },
})
