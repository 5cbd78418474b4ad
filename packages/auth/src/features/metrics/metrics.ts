import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isEqualConstantTime } from '../../base/constant-time.ts'
import { AuthError } from '../../base/errors.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'

export const metrics: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/metrics',
  root: true,
  tag: 'Operations',
  summary: 'Counters and gauges for Prometheus, for whoever has the token.',
  description: 'The token is that of the option `METRICS_TOKEN`, as `Authorization: Bearer …`.',
  success: [
    {
      status: 200,
      description: 'The figures, in the text format.',
      schema: z.string(),
      contentType: 'text/plain; version=0.0.4',
    },
  ],
  errors: ['TOKEN_INVALID'],

  async handle({ metrics: figures, settings }, { headers }) {
    if (!figures || !isAllowed(headers.get('authorization'), settings.metricsToken)) {
      throw new AuthError('TOKEN_INVALID', { detail: 'not the token for metrics' })
    }
    return new Response(await figures.text(), {
      headers: { 'content-type': figures.contentType },
    })
  },
})

// By their hashes: these are of one length, whatever was sent.
function isAllowed(authorization: string | null, token: string | null): boolean {
  if (token === null || authorization === null) return false
  return isEqualConstantTime(digest(authorization), digest(`Bearer ${token}`))
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}
