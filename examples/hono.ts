// The authority and a protected route in one Hono app.
//
//   npm run example -- hono

import { type AuthEnv, authenticate, authorize } from '@countersign/verify/hono'
import { serve } from '@hono/node-server'
import { createAuth } from 'countersign'
import { mount } from 'countersign/hono'
import { Hono } from 'hono'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createAuth({
  issuer: `http://localhost:${port}`,
  database: process.env['DATABASE_URL'] ?? 'sqlite:./data/example.db',
})

const app = new Hono<AuthEnv>()
app.use(mount(auth)) // POST /api/auth/register, /login, /refresh, /logout …

const signedIn = authenticate(auth.verifier)

app.get('/orders', signedIn, (c) => c.json({ orders: [], of: c.var.auth.sub }))

app.delete('/orders/:id', signedIn, authorize({ permission: 'orders:delete' }), (c) =>
  c.json({ deleted: c.req.param('id') }),
)

serve({ fetch: app.fetch, port }, () => console.log(`Listening on http://localhost:${port}`))
