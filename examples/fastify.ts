// The authority and a protected route in one Fastify app.
//
//   npm run example -- fastify

import { authenticate, authorize } from '@countersign/verify/fastify'
import { createAuth } from 'countersign'
import { mount } from 'countersign/fastify'
import fastify from 'fastify'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createAuth({
  issuer: `http://localhost:${port}`,
  database: process.env['DATABASE_URL'] ?? 'sqlite:./data/example.db',
})

const app = fastify()
app.register(mount(auth)) // POST /api/auth/register, /login, /refresh, /logout …

const signedIn = authenticate(auth.verifier)

app.get('/orders', { onRequest: signedIn }, (request, reply) => {
  reply.send({ orders: [], of: request.auth.sub })
})

app.delete<{ Params: { id: string } }>(
  '/orders/:id',
  { onRequest: [signedIn, authorize({ permission: 'orders:delete' })] },
  (request, reply) => {
    reply.send({ deleted: request.params.id })
  },
)

await app.listen({ port })
console.log(`Listening on http://localhost:${port}`)
