import type { RequestHandler } from 'express'
import type { Auth } from './app/create-auth.ts'
import { nodeHandler } from './server/node-handler.ts'

/**
 * The authority as Express middleware: it answers what it owns and passes on the rest.
 * Works before and behind `express.json()`.
 */
export function mount(auth: Auth): RequestHandler {
  const handle = nodeHandler(auth)
  return (req, res, next) => {
    if (!auth.owns(pathOf(req.originalUrl))) {
      next()
      return
    }
    // Below `app.use('/prefix', …)` Express has taken the prefix away.
    req.url = req.originalUrl
    handle(req, res).catch(next)
  }
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? ''
}
