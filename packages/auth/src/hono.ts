import type { MiddlewareHandler } from 'hono'
import type { Auth } from './app/create-auth.ts'

/** What `@hono/node-server` hands to an app. */
interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } }
}

/** The authority as Hono middleware: it answers what it owns and passes on the rest. */
export function mount(auth: Auth): MiddlewareHandler {
  return async (c, next) => {
    if (!auth.owns(c.req.path)) return next()
    const { incoming } = (c.env ?? {}) as NodeBindings
    return auth.handler(c.req.raw, incoming?.socket?.remoteAddress ?? '')
  }
}
