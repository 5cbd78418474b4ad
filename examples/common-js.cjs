// The same from CommonJS: `require` works from Node 20.19 and 22.12 on.
//
//   npm run example -- common-js

const express = require('express')
const { createAuth } = require('countersign')
const { mount } = require('countersign/express')
const { authenticate } = require('@countersign/verify/express')

const port = Number(process.env.PORT ?? 3000)

async function main() {
  const auth = await createAuth({
    issuer: `http://localhost:${port}`,
    database: process.env.DATABASE_URL ?? 'sqlite:./data/example.db',
  })
  const app = express()
  app.use(mount(auth))
  app.get('/orders', authenticate(auth.verifier), (req, res) => {
    res.json({ orders: [], of: req.auth.sub })
  })
  app.listen(port, (error) => {
    if (error) throw error
    console.log(`Listening on http://localhost:${port}`)
  })
}

void main()
