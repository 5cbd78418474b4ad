// A service in Express that follows the authority's ledger of revocations.

import { createVerifier, revocationFeed } from '@countersign/verify'
import { authenticate } from '@countersign/verify/express'
import express from 'express'

const issuer = process.env['ISSUER'] ?? 'http://localhost:4000'
const clientId = process.env['CLIENT_ID'] ?? ''
const clientSecret = process.env['CLIENT_SECRET'] ?? ''
const revocation = revocationFeed({ issuer, clientId, clientSecret })
const verifier = createVerifier({ issuer, audience: issuer, revocation })
await revocation.ready()

const app = express()
app.get('/', authenticate(verifier, { revocation: 'strict' }), (req, res) => {
  res.json({ service: 'orders', of: req.auth.sub })
})
app.listen(Number(process.env['PORT'] ?? 4001))
