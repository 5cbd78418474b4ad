// The authority and a protected route in one Express app.
//
//   npm run example -- express

import { authenticate, authorize } from '@countersign/verify/express'
import { createAuth } from 'countersign'
import { mount } from 'countersign/express'
import express from 'express'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createAuth({
  issuer: `http://localhost:${port}`,
  database: process.env['DATABASE_URL'] ?? 'sqlite:./data/example.db',
})

const app = express()
app.use(mount(auth)) // POST /api/auth/register, /login, /refresh, /logout …

const signedIn = authenticate(auth.verifier)

app.get('/orders', signedIn, (req, res) => {
  res.json({ orders: [], of: req.auth.sub })
})

app.delete('/orders/:id', signedIn, authorize({ permission: 'orders:delete' }), (req, res) => {
  res.json({ deleted: req.params.id })
})

app.listen(port, (error) => {
  if (error) throw error
  console.log(`Listening on http://localhost:${port}`)
})
