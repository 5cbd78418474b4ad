// The same in Fastify.

import { createVerifier, revocationFeed } from '@countersign/verify'
import { authenticate } from '@countersign/verify/fastify'
import fastify from 'fastify'

const issuer = process.env['ISSUER'] ?? 'http://localhost:4000'
const clientId = process.env['CLIENT_ID'] ?? ''
const clientSecret = process.env['CLIENT_SECRET'] ?? ''
const revocation = revocationFeed({ issuer, clientId, clientSecret })
const verifier = createVerifier({ issuer, audience: issuer, revocation })
await revocation.ready()

const app = fastify()
app.get(
  '/',
  { onRequest: authenticate(verifier, { revocation: 'strict' }) },
  (request, reply) => void reply.send({ service: 'reports', of: request.auth.sub }),
)
await app.listen({ port: Number(process.env['PORT'] ?? 4002) })
