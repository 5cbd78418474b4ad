import { z } from 'zod'
import { awaitReach } from '../../revocation/receipt.ts'
import { endEverySession } from '../../sessions/live-sessions.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'
import { userIdParams } from '../schemas.ts'
import { getTargetUser } from './target.ts'

export const revokeUser: Endpoint = userEndpoint({
  method: 'POST',
  path: '/admin/users/:id/revoke',
  tag: 'Administration',
  permission: 'users:write',
  summary: 'Signs a user out everywhere, and says how many verifiers know it.',
  params: userIdParams,
  query: z.strictObject({
    wait: z
      .string()
      .regex(/^(?:\d{1,4}|10000)$/)
      .optional()
      .meta({
        description:
          'How long to wait until every live verifier has applied it, in milliseconds, up to 10000.',
      }),
  }),
  body: z.strictObject({}),
  success: [
    {
      status: 200,
      description: 'Committed, and applied by `effectiveOn` of `of` verifiers after `ms`.',
      schema: z.object({
        committed: z.literal(true),
        effectiveOn: z.number().int(),
        of: z.number().int(),
        ms: z.number().int(),
      }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, client, params, query }) {
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
    const target = { kind: 'user', key: user.id } as const
    const receipt = await awaitReach(deps.receipts, { target, waitMs: Number(query.wait ?? 0) })
    return Response.json({ committed: true, ...receipt })
  },
})
