// Accepts the access tokens of any OpenID provider: Auth0, Keycloak, Entra, your own.
//
//   ISSUER=https://example.eu.auth0.com/ AUDIENCE=https://api.example.com \
//   JWKS_URI=https://example.eu.auth0.com/.well-known/jwks.json npm run example -- other-issuer

import { authenticate } from '@countersign/verify/express'
import express from 'express'

const port = Number(process.env['PORT'] ?? 3000)
const signedIn = authenticate({
  profile: 'jwt',
  issuer: process.env['ISSUER'] ?? '',
  audience: process.env['AUDIENCE'] ?? '',
  jwksUri: process.env['JWKS_URI'] ?? '',
  // What your provider puts into its access tokens. Many send `JWT` and no `jti`.
  typ: 'JWT',
  requiredClaims: [],
})

const app = express()
app.get('/orders', signedIn, (req, res) => {
  res.json({ orders: [], of: req.auth.sub })
})
app.listen(port, (error) => {
  if (error) throw error
  console.log(`Listening on http://localhost:${port}`)
})
