import { z } from 'zod'
import { type ErrorCode, errorSpecs } from '../base/errors.ts'
import type { Access, EndpointDescription, Success } from './endpoint.ts'
import { problemType, publicCode } from './problem.ts'
import { fullPath } from './routes.ts'

type Json = Record<string, unknown>

/** Codes any endpoint may answer with, beside its own. */
const errorsOfAll: readonly ErrorCode[] = ['NOT_FOUND', 'METHOD_NOT_ALLOWED', 'INTERNAL_ERROR']
const errorsOfBodies: readonly ErrorCode[] = ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']
const errorsOfUsers: readonly ErrorCode[] = [
  'VALIDATION_FAILED', // the Authorization header is malformed: RFC 6750 §3.1
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'TOKEN_REVOKED',
  'UNAVAILABLE', // whether the token still holds is looked up
]

const errorsOfClients: readonly ErrorCode[] = [
  'CLIENT_INVALID',
  'SCOPE_MISSING',
  'RATE_LIMITED',
  'UNAVAILABLE',
]

/**
 * Describes endpoints as an OpenAPI 3.1 document. It follows from the endpoints alone, so
 * that it cannot say anything else than they do.
 */
export function openApiDocument(
  endpoints: readonly EndpointDescription[],
  input: { readonly basePath: string; readonly serverUrl: string; readonly version: string },
): Json {
  const paths: Record<string, Json> = {}
  const schemas: Json = { Problem: problemSchema }
  for (const endpoint of endpoints) {
    const path = fullPath(endpoint, input.basePath).replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(endpoint, schemas) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Countersign',
      version: input.version,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: input.serverUrl }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        serviceClient: { type: 'http', scheme: 'basic' },
      },
    },
  }
}

function operation(endpoint: EndpointDescription, schemas: Json): Json {
  const { method, path, summary, description, tag, access, body } = endpoint
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`,
    tags: [tag],
    summary,
    description: [description, permissionNote(endpoint)].filter(Boolean).join(' '),
    security: securityOf(access),
    parameters: [...parameters('path', endpoint.params), ...parameters('query', endpoint.query)],
    ...(body && {
      requestBody: {
        content: { [bodyType(endpoint)]: { schema: toSchema(body, 'input', schemas) } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        endpoint.success.map((answer) => [answer.status, successAnswer(answer, schemas)]),
      ),
      ...errorAnswers(endpoint),
    },
  }
}

function bodyType({ oauth }: EndpointDescription): string {
  return oauth ? 'application/x-www-form-urlencoded' : 'application/json'
}

function securityOf(access: Access): Json[] {
  if (access === 'public') return []
  if (isForClients(access)) return [{ serviceClient: [] }, { accessToken: [] }]
  return [{ accessToken: [] }]
}

function isForClients(access: Access): access is { client: true; scope?: string } {
  return typeof access === 'object' && 'client' in access
}

function permissionNote({ access }: EndpointDescription): string {
  if (typeof access === 'string') return ''
  if ('permission' in access) return `Needs the permission \`${access.permission}\`.`
  return access.scope === undefined
    ? ''
    : `Needs a service client with the scope \`${access.scope}\`.`
}

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = toSchema(schema, 'input', {}) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }))
}

function successAnswer(answer: Success, schemas: Json): Json {
  const { description, schema, contentType = 'application/json' } = answer
  if (!schema) return { description }
  return {
    description,
    content: { [contentType]: { schema: toSchema(schema, 'output', schemas) } },
  }
}

function errorAnswers(endpoint: EndpointDescription): Json {
  const codes = new Set([
    ...endpoint.errors,
    ...errorsOfAll,
    ...(endpoint.body ? errorsOfBodies : []),
    ...errorsOfAccess(endpoint.access),
    ...(endpoint.method === 'GET' ? [] : (['ORIGIN_REFUSED'] as const)),
  ])
  const byStatus = Object.groupBy(codes, (code) => String(errorSpecs[code].status))
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes = []]) => [status, errorAnswer(codes)]),
  )
}

function errorsOfAccess(access: Access): readonly ErrorCode[] {
  if (access === 'public') return []
  if (access === 'user') return errorsOfUsers
  if (isForClients(access)) return errorsOfClients
  return [...errorsOfUsers, 'FORBIDDEN']
}

function errorAnswer(codes: readonly ErrorCode[]): Json {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorSpecs[code].title}`).join(' '),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleProblem(code) }])),
      },
    },
  }
}

function exampleProblem(code: ErrorCode): Json {
  const { title, status } = errorSpecs[code]
  return { type: problemType(code), title, status, code: publicCode(code) }
}

const publicCodes = [...new Set((Object.keys(errorSpecs) as ErrorCode[]).map(publicCode))]

const problemSchema: Json = {
  type: 'object',
  description: 'What went wrong (RFC 9457). Branch on `code`: it is stable.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', enum: publicCodes },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['path', 'code', 'message'],
        properties: {
          path: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
    reason: { type: 'string', description: 'Why, where whoever asks may know.' },
    requestId: { type: 'string' },
  },
}

/** JSON Schema of a zod schema. Those with an id are collected in `schemas` and referred to. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...json
  } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
  }) as Json & { $defs?: Record<string, Json> }
  for (const [name, definition] of Object.entries($defs)) schemas[name] = referTo(definition)
  return referTo(json)
}

// zod refers to `#/$defs/X`; in an OpenAPI document X lives among the components.
function referTo(json: Json): Json {
  const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')
  const { id: _, ...rest } = JSON.parse(text) as Json
  return rest
}
