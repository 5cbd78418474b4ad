// A service of its own, in Express. It knows the authority by its address and nothing else:
// keys come from there once, tokens are verified here.

import { authenticate, authorize } from '@countersign/verify/express'
import express from 'express'

const issuer = process.env['ISSUER'] ?? 'http://localhost:4000'
const port = Number(process.env['PORT'] ?? 4001)
const signedIn = authenticate({ issuer, audience: issuer })

const app = express()
app.get('/orders', signedIn, (req, res) => {
  res.json({ service: 'orders', orders: [], of: req.auth.sub })
})
app.delete('/orders/:id', signedIn, authorize({ role: 'manager' }), (req, res) => {
  res.json({ service: 'orders', deleted: req.params.id })
})
app.listen(port, (error) => {
  if (error) throw error
  console.log(`orders listens on http://localhost:${port}`)
})
