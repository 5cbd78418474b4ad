// The same in Hono.

import { createVerifier, revocationFeed } from '@countersign/verify'
import { type AuthEnv, authenticate } from '@countersign/verify/hono'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const issuer = process.env['ISSUER'] ?? 'http://localhost:4000'
const clientId = process.env['CLIENT_ID'] ?? ''
const clientSecret = process.env['CLIENT_SECRET'] ?? ''
const revocation = revocationFeed({ issuer, clientId, clientSecret })
const verifier = createVerifier({ issuer, audience: issuer, revocation })
await revocation.ready()

const app = new Hono<AuthEnv>()
app.get('/', authenticate(verifier, { revocation: 'strict' }), (c) =>
  c.json({ service: 'stock', of: c.var.auth.sub }),
)
serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 4003), hostname: 'localhost' })
