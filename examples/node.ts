// The authority and a protected route on plain `node:http`.
//
//   npm run example -- node

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { GuardError, readBearer, TokenError } from '@countersign/verify'
import { createAuth } from 'countersign'
import { nodeHandler } from 'countersign/node'

const port = Number(process.env['PORT'] ?? 3000)
const auth = await createAuth({
  issuer: `http://localhost:${port}`,
  database: process.env['DATABASE_URL'] ?? 'sqlite:./data/example.db',
})
const answerAuth = nodeHandler(auth) // POST /api/auth/register, /login, /refresh, /logout …

const server = createServer((request, response) => {
  const [pathname = '/'] = (request.url ?? '/').split('?')
  void (auth.owns(pathname) ? answerAuth : answerOrders)(request, response)
})

async function answerOrders(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const token = readBearer(request.headersDistinct['authorization'] ?? [], 'orders')
    const { sub } = await auth.verifier.verify(token)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ orders: [], of: sub }))
  } catch (error) {
    const isRefused = error instanceof GuardError || error instanceof TokenError
    response.writeHead(isRefused ? error.status : 500, { 'www-authenticate': 'Bearer' }).end()
  }
}

server.listen(port, () => console.log(`Listening on http://localhost:${port}`))
