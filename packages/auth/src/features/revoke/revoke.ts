import { z } from 'zod'
import { auditEvent } from '../../audit/event.ts'
import { authenticateClient } from '../../clients/authenticate-client.ts'
import { sessionOfToken } from '../../clients/inspect-token.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { clientProofFields, presentedTokenField } from '../schemas.ts'

export const revoke: Endpoint = publicEndpoint({
  method: 'POST',
  path: '/revoke',
  oauth: true,
  tag: 'Services',
  summary: 'Ends the session a token belongs to (RFC 7009).',
  description:
    'Whoever holds the token may call: it is their own. A service client that names itself must prove it. Of tokens that are not known nothing is said (RFC 7009 §2.2). Access tokens of service clients have no session and live until they expire: disable the client.',
  body: z.object({
    token: presentedTokenField,
    token_type_hint: z.string().max(200).optional(),
    ...clientProofFields,
  }),
  success: [{ status: 200, description: 'The token is good for nothing, if it ever was.' }],
  errors: ['VALIDATION_FAILED', 'CLIENT_INVALID', 'RATE_LIMITED', 'UNAVAILABLE'],

  async handle(deps, { headers, body }) {
    const { client_secret: secret, client_assertion: assertion } = body
    const hasProof = headers.has('authorization') || secret !== undefined || assertion !== undefined
    if (hasProof) await authenticateClient(deps, { headers, form: definedOf(body) })
    const sessionId = await sessionOfToken(deps, body.token)
    if (sessionId !== null) {
      const audit = auditEvent(deps, 'logout', { actor: 'anonymous', sessionId, reason: 'token' })
      const ended = await deps.stores.sessions.end(sessionId, 'logout', audit.at, { audit })
      if (ended) deps.log.info({ event: 'logout', sessionId, by: 'token' }, 'signed out')
    }
    return new Response(null, { status: 200 })
  },
})

function definedOf(form: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
}
