// A service that follows the ledger; its routes are the three policies. For a process of its own.

import { createServer } from 'node:http'
import { createVerifier, type RevocationPolicy, revocationFeed } from '@countersign/verify'

const { ISSUER: issuer = '', HUB: hub = '', CLIENT_ID: clientId = '' } = process.env
const clientSecret = process.env['CLIENT_SECRET'] ?? ''

const verifier = createVerifier({
  issuer,
  audience: issuer,
  jwksUri: `${hub}/.well-known/jwks.json`,
  revocation: revocationFeed({ issuer, hubs: [`${hub}/api/auth`], clientId, clientSecret }),
})

const server = createServer((request, response) => {
  const policy = (request.url ?? '').slice(1) as RevocationPolicy
  const token = request.headers.authorization?.slice('Bearer '.length) ?? ''
  verifier.verify(token, { policy, isSafe: request.method === 'GET' }).then(
    () => response.end(),
    ({ status, code }: { status?: number; code?: string }) => {
      response.writeHead(status ?? 500).end(code)
    },
  )
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address()))
