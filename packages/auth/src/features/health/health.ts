import { z } from 'zod'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'

const status = z.object({ status: z.string() })

export const healthz: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/healthz',
  root: true,
  tag: 'Operations',
  summary: 'Answers while the process is alive.',
  success: [{ status: 200, description: 'Alive.', schema: status }],
  errors: [],

  async handle() {
    return Response.json({ status: 'ok' })
  },
})

export const readyz: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/readyz',
  root: true,
  tag: 'Operations',
  summary: 'Answers 200 while the service can do its work.',
  description: 'The store answers, its schema is current, and there is a key to sign with.',
  success: [{ status: 200, description: 'Ready.', schema: status }],
  errors: ['UNAVAILABLE'],

  async handle(deps) {
    await deps.stores.check()
    deps.keys.signer()
    return Response.json({ status: 'ready' })
  },
})
