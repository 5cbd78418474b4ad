import { isDeepStrictEqual } from 'node:util'
import { endpointsFor } from '../../packages/auth/src/app/endpoints.ts'
import { AuthError, type ErrorCode, errorSpecs } from '../../packages/auth/src/base/errors.ts'
import type { Deps, Settings } from '../../packages/auth/src/features/deps.ts'
import type { Endpoint } from '../../packages/auth/src/features/endpoint.ts'
import { openApiDocument } from '../../packages/auth/src/http/openapi.ts'
import { createRoutes, type FindRoute, fullPath } from '../../packages/auth/src/http/routes.ts'
import type { Caller } from '../../packages/auth/src/sessions/authenticate-caller.ts'
import type { Exchange } from './client.ts'
import { headerProblems } from './header-contract.ts'
import type { Vault } from './vault.ts'

/** What every answer of an authority is held to. */
export interface Contract {
  readonly settings: Settings
  readonly findRoute: FindRoute<Deps, Caller>
  readonly document: OpenApi
}

/** The parts of an OpenAPI document that tests read. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export interface Operation {
  readonly security: readonly unknown[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> }
  readonly responses: Readonly<Record<string, { content?: Record<string, { examples?: object }> }>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: Schema
}

/** A JSON Schema, as far as those of requests go. */
export interface Schema {
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly maxLength?: number
  readonly maxItems?: number
  readonly format?: string
  readonly pattern?: string
  readonly example?: unknown
}

/** The contract of what is served with these settings, the documentation included. */
export function contractOf(settings: Settings): Contract {
  const { basePath, issuer } = settings
  const endpoints = endpointsFor(settings)
  const about = { basePath, serverUrl: issuer, version: '0' }
  return {
    settings,
    findRoute: createRoutes(endpoints, basePath),
    document: openApiDocument(endpoints, about) as unknown as OpenApi,
  }
}

/** Everything in which an answer breaks the contract. */
export function contractProblems(contract: Contract, exchange: Exchange, vault: Vault): string[] {
  return [
    ...headerProblems(contract.settings, exchange),
    ...bodyProblems(contract, exchange),
    ...disclosureProblems(exchange, vault),
  ]
}

function bodyProblems(contract: Contract, exchange: Exchange): string[] {
  const { method, answer } = exchange
  if (isPreflight(exchange))
    return answer.text === '' ? [] : ['a preflight is answered with a body']
  const endpoint = endpointOf(contract, exchange)
  if (method === 'HEAD') return answer.text === '' ? [] : ['HEAD is answered with a body']
  if (answer.status >= 400 && endpoint?.oauth) return oauthProblems(exchange)
  if (answer.status >= 400) return problemProblems(contract, exchange, endpoint)
  return successProblems(exchange, endpoint)
}

function isPreflight({ method, call }: Pick<Exchange, 'method' | 'call'>): boolean {
  return method === 'OPTIONS' && call.headers?.['access-control-request-method'] !== undefined
}

function endpointOf({ findRoute }: Contract, { method, path }: Exchange): Endpoint | null {
  try {
    return findRoute(method, path).endpoint
  } catch (error) {
    if (error instanceof AuthError) return null
    throw error
  }
}

function successProblems({ answer }: Exchange, endpoint: Endpoint | null): string[] {
  const declared = endpoint?.success.find(({ status }) => status === answer.status)
  if (!declared) return [`status ${answer.status} is not declared`]
  const { schema, contentType = 'application/json' } = declared
  if (!schema) return answer.text === '' ? [] : ['there is a body where none is declared']
  const problems = []
  const isJwt = contentType.endsWith('+jwt')
  if (answer.headers['content-type'] !== `${contentType}${isJwt ? '' : '; charset=utf-8'}`) {
    problems.push(`the content type is ${answer.headers['content-type']}`)
  }
  const value = contentType === 'application/json' ? answer.body : answer.text
  const parsed = schema.safeParse(value)
  if (!parsed.success) problems.push(`the body breaks its schema: ${parsed.error.message}`)
  // What a schema does not know it leaves out: a body that holds more is not equal to it.
  else if (!isDeepStrictEqual(parsed.data, value)) problems.push('the body holds unlisted members')
  return problems
}

const problemMembers = new Set(['type', 'title', 'status', 'code', 'errors', 'reason', 'requestId'])

interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: ErrorCode
  readonly errors?: readonly { path: string; code: string; message: string }[]
  readonly requestId: string
}

function problemProblems(
  contract: Contract,
  { call, method, answer }: Exchange,
  endpoint: Endpoint | null,
): string[] {
  const { status, headers } = answer
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8') {
    return [`an error has the content type ${headers['content-type']}`]
  }
  const problem = answer.body as Problem
  const row = rowOf(problem)
  if (!row) return [`there is no code ${problem.code}`]
  const spec = errorSpecs[row]
  const { code, title, type, requestId, errors = [] } = problem
  const checks: [boolean, string][] = [
    [spec.status === status && problem.status === status, `${code} has the status ${status}`],
    [title === spec.title, `${code} has the title ${title}`],
    [type === `urn:countersign:problem:${row.toLowerCase().replaceAll('_', '-')}`, type],
    [requestId === headers['x-request-id'], 'the request id differs from its header'],
    [Object.keys(problem).every((name) => problemMembers.has(name)), 'there are unlisted members'],
    [errors.every(isFieldError), 'an entry of errors is malformed'],
    [declaredCodes(contract, method, endpoint).includes(row), `${code} is not declared`],
    [code !== 'INTERNAL_ERROR' || call.mayFail === true, 'nobody expected this error'],
  ]
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem)
}

// Two rows may share a public code; the title tells them apart.
function rowOf({ code, title }: Problem): ErrorCode | undefined {
  const rows = Object.keys(errorSpecs) as ErrorCode[]
  return rows.find(
    (row) => (errorSpecs[row].publicCode ?? row) === code && errorSpecs[row].title === title,
  )
}

/** Errors as of RFC 6749 §5.2. */
function oauthProblems({ answer }: Exchange): string[] {
  const body = answer.body as { error?: string; error_description?: string }
  const checks: [boolean, string][] = [
    [answer.headers['content-type'] === 'application/json; charset=utf-8', 'an error is no JSON'],
    [/^[a-z_]+$/.test(body.error ?? ''), `the error is ${body.error}`],
    [Object.keys(body).join() === 'error,error_description', 'there are other members'],
    [(answer.status === 401) === (body.error === 'invalid_client'), 'the status does not fit'],
  ]
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem)
}

function isFieldError(entry: object): boolean {
  const names = Object.keys(entry).toSorted()
  return isDeepStrictEqual(names, ['code', 'message', 'path'])
}

/** What the OpenAPI document says an endpoint may answer; without one, what is left to say. */
function declaredCodes(
  { document, settings }: Contract,
  method: string,
  endpoint: Endpoint | null,
): string[] {
  if (!endpoint) return ['NOT_FOUND', 'METHOD_NOT_ALLOWED']
  const path = fullPath(endpoint, settings.basePath).replaceAll(/:(\w+)/g, '{$1}')
  const operation = document.paths[path]?.[method.toLowerCase()]
  return Object.values(operation?.responses ?? {}).flatMap(({ content }) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}),
  )
}

// A token has its one place in an answer; a password and a hash have none.
function disclosureProblems({ answer }: Exchange, vault: Vault): string[] {
  const shown = JSON.stringify([answer.text, answer.headers])
  const problems = shown.includes('$argon2') ? ['a hash is shown'] : []
  if (answer.status < 400) return problems
  if ([...vault].some((secret) => shown.includes(secret))) problems.push('a secret is shown')
  return problems
}
