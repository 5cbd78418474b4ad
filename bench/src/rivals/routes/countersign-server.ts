import { createVerifier } from '@countersign/verify'
import { authenticate } from '@countersign/verify/express'
import express from 'express'
import { audience, issuer } from '../../tokens.ts'
import { keyFromEnvironment } from './key.ts'

const { algorithm, jwk, key } = keyFromEnvironment()
const verifier = createVerifier({
  issuer,
  audience,
  ...(algorithm === 'HS256' ? { secret: key.export() } : { jwks: { keys: [jwk] } }),
})

const app = express()
app.get('/me', authenticate(verifier), (req, res) => {
  res.json({ id: req.auth.sub })
})
app.listen(Number(process.env['PORT']), '127.0.0.1')
