import { z } from 'zod'
import { AuthError } from '../../base/errors.ts'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'
import { isOperator } from '../operator.ts'

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
    if (!figures || !isOperator(headers, settings)) {
      throw new AuthError('TOKEN_INVALID', { detail: 'not the token for metrics' })
    }
    return new Response(await figures.text(), {
      headers: { 'content-type': figures.contentType },
    })
  },
})
