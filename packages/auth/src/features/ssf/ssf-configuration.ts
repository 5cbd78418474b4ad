import { z } from 'zod'
import { type Endpoint, publicEndpoint } from '../endpoint.ts'

export const ssfConfiguration: Endpoint = publicEndpoint({
  method: 'GET',
  path: '/.well-known/ssf-configuration',
  root: true,
  tag: 'Discovery',
  summary: 'How receivers of security events are served (OpenID SSF 1.0 §7).',
  success: [
    {
      status: 200,
      description: 'The configuration of the transmitter.',
      schema: z.object({
        spec_version: z.string(),
        issuer: z.string(),
        jwks_uri: z.string(),
        delivery_methods_supported: z.array(z.string()),
        configuration_endpoint: z.string(),
        status_endpoint: z.string(),
        verification_endpoint: z.string(),
        authorization_schemes: z.array(z.object({ spec_urn: z.string() })),
        default_subjects: z.literal('ALL'),
      }),
    },
  ],
  errors: [],

  async handle({ settings: { issuer, basePath, jwksCacheSeconds } }) {
    const base = `${issuer}${basePath}/ssf`
    const body = {
      spec_version: '1_0',
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      delivery_methods_supported: ['urn:ietf:rfc:8935', 'urn:ietf:rfc:8936'],
      configuration_endpoint: `${base}/streams`,
      status_endpoint: `${base}/status`,
      verification_endpoint: `${base}/verify`,
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: 'ALL',
    }
    return Response.json(body, {
      headers: {
        'cache-control': `public, max-age=${jwksCacheSeconds}`,
        'cross-origin-resource-policy': 'cross-origin',
      },
    })
  },
})
