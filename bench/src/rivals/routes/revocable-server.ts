/** A protected route that hears of revocations in the way that `WAY` names. */
import { createVerifier, revocationFeed } from '@countersign/verify'
import { authenticate } from '@countersign/verify/express'
import express, { type RequestHandler } from 'express'
import { Redis } from 'ioredis'

const { ISSUER: issuer = '', WAY: way = '', CLIENT_ID: clientId = '' } = process.env
const clientSecret = process.env['CLIENT_SECRET'] ?? ''
const hub = `${issuer}/api/auth`
const options = { issuer, audience: issuer, jwksUri: `${issuer}/.well-known/jwks.json` }
const byExpiry = createVerifier(options)

const ways: Readonly<Record<string, () => RequestHandler[]>> = {
  expiry: () => [authenticate(byExpiry)],

  ledger() {
    const revocation = revocationFeed({ issuer, hubs: [hub], clientId, clientSecret })
    return [authenticate(createVerifier({ ...options, revocation }), { revocation: 'strict' })]
  },

  introspection() {
    const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`
    return [
      authenticate(byExpiry),
      async (req, res, next) => {
        const token = req.headers.authorization?.slice('Bearer '.length) ?? ''
        const answer = await fetch(`${hub}/introspect`, {
          method: 'POST',
          headers: { authorization },
          body: new URLSearchParams({ token }),
        })
        const { active } = (await answer.json()) as { active: boolean }
        if (active) next()
        else res.sendStatus(401)
      },
    ]
  },

  redis() {
    const redis = new Redis({ path: process.env['REDIS_SOCKET'] ?? '' })
    return [
      authenticate(byExpiry),
      async (req, res, next) => {
        if ((await redis.exists(`denied:${req.auth.sid}`)) === 0) next()
        else res.sendStatus(401)
      },
    ]
  },
}

const app = express()
app.get('/me', ...(ways[way]?.() ?? []), (req, res) => {
  res.json({ id: req.auth?.sub })
})
app.listen(Number(process.env['PORT']), '127.0.0.1')
