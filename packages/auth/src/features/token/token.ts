import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import { issueClientToken } from '../../tokens/client-token.ts'
import { clientEndpoint, type Endpoint } from '../endpoint.ts'
import { clientProofFields } from '../schemas.ts'

export const token: Endpoint = clientEndpoint({
  method: 'POST',
  path: '/token',
  oauth: true,
  tag: 'Services',
  summary: 'Gives a service client an access token (RFC 6749 §4.4).',
  body: z.object({
    grant_type: z.string().max(200),
    scope: z.string().max(2000).optional(),
    ...clientProofFields,
  }),
  success: [
    {
      status: 200,
      description: 'The token. There is no refresh token: ask again.',
      schema: z.object({
        access_token: z.string(),
        token_type: z.literal('Bearer'),
        expires_in: z.number().int(),
        scope: z.string().optional(),
      }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'GRANT_UNSUPPORTED', 'SCOPE_INVALID', 'UNAVAILABLE'],

  async handle(deps, { caller: client, body }) {
    if (body.grant_type !== 'client_credentials') throw new AuthError('GRANT_UNSUPPORTED')
    const scopes = body.scope === undefined ? client.scopes : [...new Set(body.scope.split(' '))]
    if (!scopes.every((scope) => client.scopes.includes(scope)))
      throw new AuthError('SCOPE_INVALID')
    const { accessToken, expiresIn } = issueClientToken(deps, { client, scopes })
    return Response.json(
      {
        access_token: accessToken,
        token_type: 'Bearer',
        expires_in: expiresIn,
        ...(scopes.length > 0 && { scope: scopes.join(' ') }),
      },
      { headers: { pragma: 'no-cache' } },
    )
  },
})
