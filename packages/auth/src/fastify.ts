import type { FastifyPluginCallback } from 'fastify'
import type { Auth } from './app/create-auth.ts'
import { nodeHandler } from './server/node-handler.ts'

/**
 * The authority as a Fastify plugin, for `app.register(mount(auth))`: it answers what it
 * owns, and Fastify's hooks, parsers and schemas elsewhere stay as they are.
 */
export function mount(auth: Auth): FastifyPluginCallback {
  const handle = nodeHandler(auth)
  return (app, _options, done) => {
    // The body is left unread for the authority, which has its own limits.
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))
    for (const url of auth.paths) {
      app.all(url, async (request, reply) => {
        reply.hijack()
        await handle(request.raw, reply.raw)
      })
    }
    done()
  }
}
