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
        token_endpoint: z.string(),
        introspection_endpoint: z.string(),
        revocation_endpoint: z.string(),
        status_list_aggregation_endpoint: z.string().optional(),
        ...authMethodFields('token'),
        ...authMethodFields('introspection'),
        ...authMethodFields('revocation'),
      }),
    },
    { status: 304, description: 'Unchanged since the `ETag` in `If-None-Match`.' },
  ],
  errors: [],

  async handle(deps, { headers }) {
    const { issuer, basePath, jwksCacheSeconds, statusList } = deps.settings
    const base = `${issuer}${basePath}`
    // Only what works is listed. `response_types_supported` is required, and empty: there is no
    // authorization endpoint (RFC 8414 §2).
    const body = JSON.stringify({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      token_endpoint: `${base}/token`,
      introspection_endpoint: `${base}/introspect`,
      revocation_endpoint: `${base}/revoke`,
      ...(statusList && { status_list_aggregation_endpoint: `${base}/status-lists` }),
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      ...authMethods('token'),
      ...authMethods('introspection'),
      ...authMethods('revocation', 'none'),
    })
    return cacheable(body, headers, jwksCacheSeconds)
  },
})

function authMethodFields(endpoint: string): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.keys(authMethods(endpoint)).map((name) => [name, z.array(z.string())]),
  )
}

function authMethods(endpoint: string, ...more: readonly string[]): object {
  const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', ...more]
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: [
      'ES256',
      'EdDSA',
      'RS256',
      'PS256',
    ],
  }
}

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
