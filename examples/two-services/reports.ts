// Another service, in Fastify, for the same users.

import { authenticate, authorize } from '@countersign/verify/fastify'
import fastify from 'fastify'

const issuer = process.env['ISSUER'] ?? 'http://localhost:4000'
const port = Number(process.env['PORT'] ?? 4002)
const signedIn = authenticate({ issuer, audience: issuer })

const app = fastify()
app.get(
  '/reports',
  { onRequest: [signedIn, authorize({ permission: 'reports:read' })] },
  (request, reply) => {
    reply.send({ service: 'reports', reports: [], of: request.auth.sub })
  },
)
await app.listen({ port })
console.log(`reports listens on http://localhost:${port}`)
