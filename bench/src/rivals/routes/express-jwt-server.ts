import express from 'express'
import { expressjwt } from 'express-jwt'
import { audience, issuer } from '../../tokens.ts'
import { keyFromEnvironment } from './key.ts'

const { algorithm, key } = keyFromEnvironment()
const guard = expressjwt({
  secret: key,
  algorithms: [algorithm],
  issuer,
  audience,
})

const app = express()
app.get('/me', guard, (req, res) => {
  res.json({ id: req.auth.sub })
})
app.listen(Number(process.env['PORT']), '127.0.0.1')
