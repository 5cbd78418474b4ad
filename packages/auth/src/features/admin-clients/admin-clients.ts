import { z } from 'zod'
import { toIsoTime } from '../../base/time.ts'
import {
  createServiceClient,
  deleteServiceClient,
  rotateClientSecret,
  setClientStatus,
} from '../../clients/administer-clients.ts'
import { text } from '../../http/validation.ts'
import type { ServiceClient } from '../../model/service-client.ts'
import { type Endpoint, userEndpoint } from '../endpoint.ts'

const clientSchema = z
  .object({
    clientId: z.string(),
    name: z.string(),
    scopes: z.array(z.string()),
    status: z.enum(['active', 'disabled']),
    createdAt: z.string().meta({ format: 'date-time' }),
  })
  .meta({ id: 'ServiceClient' })

const clientParams = z.strictObject({ clientId: z.string().regex(/^cli_[\w-]{22}$/) })

// RFC 6749 §3.3.
const scopeField = z.string().regex(/^[!#-[\]-~]{1,64}$/)

const jwksField = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(10),
})

export const listClients: Endpoint = userEndpoint({
  method: 'GET',
  path: '/admin/clients',
  tag: 'Administration',
  permission: 'clients:read',
  summary: 'Lists service clients, oldest first.',
  success: [
    {
      status: 200,
      description: 'The clients; never a secret.',
      schema: z.object({ clients: z.array(clientSchema) }),
    },
  ],
  errors: ['UNAVAILABLE'],

  async handle({ stores }) {
    return Response.json({ clients: (await stores.clients.list()).map(toClientAnswer) })
  },
})

export const createClient: Endpoint = userEndpoint({
  method: 'POST',
  path: '/admin/clients',
  tag: 'Administration',
  permission: 'clients:write',
  summary: 'Makes a service client.',
  description: 'The secret is shown this once. With `jwks` there is none: the keys prove it.',
  body: z.strictObject({
    name: text({ max: 100 }).meta({ example: 'orders' }),
    scopes: z
      .array(scopeField)
      .max(50)
      .meta({ example: ['revocations:read'] }),
    jwks: jwksField.optional(),
  }),
  success: [
    {
      status: 201,
      description: 'The client.',
      schema: z.object({
        clientId: z.string(),
        clientSecret: z.string().optional(),
        scopes: z.array(z.string()),
      }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'UNAVAILABLE'],

  async handle(deps, { caller, body }) {
    const { client, secret } = await createServiceClient(deps, { ...body, by: caller.user.id })
    return Response.json(
      {
        clientId: client.id,
        ...(secret !== null && { clientSecret: secret }),
        scopes: client.scopes,
      },
      { status: 201 },
    )
  },
})

export const changeClient: Endpoint = userEndpoint({
  method: 'PATCH',
  path: '/admin/clients/:clientId',
  tag: 'Administration',
  permission: 'clients:write',
  summary: 'Enables or disables a service client. Disabled, its access tokens die.',
  params: clientParams,
  body: z.strictObject({ status: z.enum(['active', 'disabled']) }),
  success: [{ status: 204, description: 'It is so.' }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, params, body }) {
    await setClientStatus(deps, { ...params, ...body, by: caller.user.id })
    return new Response(null, { status: 204 })
  },
})

export const rotateSecret: Endpoint = userEndpoint({
  method: 'POST',
  path: '/admin/clients/:clientId/secret',
  tag: 'Administration',
  permission: 'clients:write',
  summary: 'Gives a service client another secret. The one before is good for nothing at once.',
  params: clientParams,
  body: z.strictObject({}),
  success: [
    {
      status: 201,
      description: 'The secret, this once.',
      schema: z.object({ clientId: z.string(), clientSecret: z.string() }),
    },
  ],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, params }) {
    const { clientId } = params
    const clientSecret = await rotateClientSecret(deps, { clientId, by: caller.user.id })
    return Response.json({ clientId, clientSecret }, { status: 201 })
  },
})

export const removeClient: Endpoint = userEndpoint({
  method: 'DELETE',
  path: '/admin/clients/:clientId',
  tag: 'Administration',
  permission: 'clients:write',
  summary: 'Deletes a service client. Its access tokens die.',
  params: clientParams,
  success: [{ status: 204, description: 'Deleted.' }],
  errors: ['VALIDATION_FAILED', 'NOT_FOUND', 'UNAVAILABLE'],

  async handle(deps, { caller, params }) {
    await deleteServiceClient(deps, { ...params, by: caller.user.id })
    return new Response(null, { status: 204 })
  },
})

function toClientAnswer({ id, name, scopes, status, createdAt }: ServiceClient): object {
  return { clientId: id, name, scopes, status, createdAt: toIsoTime(createdAt) }
}
