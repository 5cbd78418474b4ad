import { TrieRouter } from 'hono/router/trie-router'
import { AuthError } from '../base/errors.ts'
import type { Endpoint, Method } from './endpoint.ts'

const allMethods: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** An endpoint that answers a path, with the path's parameters. */
export interface Match<Deps, Caller> {
  readonly endpoint: Endpoint<Deps, Caller>
  readonly params: Readonly<Record<string, string>>
}

/** Finds the endpoint for a request. `HEAD` is answered as `GET` (RFC 9110 §9.3.2). */
export type FindRoute<Deps, Caller> = (method: string, pathname: string) => Match<Deps, Caller>

/** Where an endpoint is, from the root of the issuer. */
export function fullPath(
  endpoint: { readonly path: string; readonly root?: true },
  basePath: string,
): string {
  return endpoint.root ? endpoint.path : `${basePath}${endpoint.path}`
}

/**
 * Builds the table of endpoints.
 *
 * Paths match byte for byte: no other case, no doubled or trailing slash, no encoding of
 * what needs none, so that no spelling walks round a rule that names a path.
 */
export function createRoutes<Deps, Caller>(
  endpoints: readonly Endpoint<Deps, Caller>[],
  basePath: string,
): FindRoute<Deps, Caller> {
  const router = new TrieRouter<Endpoint<Deps, Caller>>()
  for (const endpoint of endpoints) {
    router.add(endpoint.method, fullPath(endpoint, basePath), endpoint)
  }
  const find = (method: string, pathname: string): Match<Deps, Caller> | null => {
    const [first] = router.match(method, pathname)[0]
    return first ? { endpoint: first[0], params: first[1] as Record<string, string> } : null
  }

  return (method, pathname) => {
    if (!isCanonical(pathname)) throw new AuthError('NOT_FOUND')
    const match = find(method === 'HEAD' ? 'GET' : method, pathname)
    if (match) return match
    const allowed = allMethods.filter((other) => find(other, pathname))
    if (allowed.length === 0) throw new AuthError('NOT_FOUND')
    throw new AuthError('METHOD_NOT_ALLOWED', { headers: { allow: allowed.join(', ') } })
  }
}

// Our paths and ids hold none of the characters that need an encoding.
function isCanonical(pathname: string): boolean {
  return pathname === '/' || /^(?:\/[A-Za-z0-9._~:-]+)+$/.test(pathname)
}
