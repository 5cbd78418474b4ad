import { z } from 'zod'
import { inspectToken } from '../../clients/inspect-token.ts'
import { clientEndpoint, type Endpoint } from '../endpoint.ts'
import { clientProofFields, presentedTokenField } from '../schemas.ts'

export const introspect: Endpoint = clientEndpoint({
  method: 'POST',
  path: '/introspect',
  oauth: true,
  tag: 'Services',
  scope: 'tokens:introspect',
  summary: 'Says whether a token is good now, and what it says (RFC 7662).',
  description: 'Of a token that is not, it says nothing but that: never why.',
  body: z.object({
    token: presentedTokenField,
    token_type_hint: z.string().max(200).optional(),
    ...clientProofFields,
  }),
  success: [
    {
      status: 200,
      description: 'What the token says, as far as it holds.',
      schema: z.object({
        active: z.boolean(),
        iss: z.string().optional(),
        sub: z.string().optional(),
        aud: z.string().optional(),
        client_id: z.string().optional(),
        token_type: z.string().optional(),
        scope: z.string().optional(),
        roles: z.array(z.string()).optional(),
        permissions: z.array(z.string()).optional(),
        sid: z.string().optional(),
        jti: z.string().optional(),
        tv: z.number().int().optional(),
        rv: z.number().int().optional(),
        auth_time: z.number().int().optional(),
        amr: z.array(z.string()).optional(),
        iat: z.number().int().optional(),
        exp: z.number().int().optional(),
      }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'UNAVAILABLE'],

  async handle(deps, { body }) {
    const claims = await inspectToken(deps, body.token)
    return Response.json(claims ? { active: true, ...claims } : { active: false })
  },
})
