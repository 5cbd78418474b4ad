import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'

export const jwks: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/.well-known/jwks.json',
  root: true,
  tag: 'Discovery',
  summary: 'The public keys that verify access tokens (RFC 7517).',
  success: [
    {
      status: 200,
      description: 'The key set.',
      schema: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
    },
    { status: 304, description: 'Unchanged since the `ETag` in `If-None-Match`.' },
  ],
  errors: [],

  async handle(deps, { headers }) {
    const body = JSON.stringify(deps.keys.publicKeySet())
    return cacheable(body, headers, deps.settings.jwksCacheSeconds)
  },
})

export const serverMetadata: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/.well-known/oauth-authorization-server',
  root: true,
  tag: 'Discovery',
  summary: 'What this server is and offers (RFC 8414).',
  success: [
    {
      status: 200,
      description: 'The metadata.',
      schema: z.object({
        issuer: z.string(),
        jwks_uri: z.string(),
        response_types_supported: z.array(z.string()),
        grant_types_supported: z.array(z.string()),
      }),
    },
    { status: 304, description: 'Unchanged since the `ETag` in `If-None-Match`.' },
  ],
  errors: [],

  async handle(deps, { headers }) {
    const { issuer, jwksCacheSeconds } = deps.settings
    // Only what works is listed: there is no OAuth grant here yet. `response_types_supported`
    // is required, and empty (RFC 8414 §2).
    const body = JSON.stringify({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: [],
      grant_types_supported: [],
    })
    return cacheable(body, headers, jwksCacheSeconds)
  },
})

// Public on purpose: shared caches may keep it, and pages of any origin may load it. To read it
// from a script is for trusted origins, as with every other answer.
function cacheable(body: string, request: Headers, maxAgeSeconds: number): Response {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  const headers = {
    'cache-control': `public, max-age=${maxAgeSeconds}`,
    'cross-origin-resource-policy': 'cross-origin',
    etag,
  }
  if (matches(request.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(body, {
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  })
}

// RFC 9110 §13.1.2: a list, or `*`; weak and strong tags compare alike.
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes(etag) || tags.includes('*')
}
