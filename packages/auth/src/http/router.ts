import { AuthError } from '../base/errors.ts'
import { addAnswerHeaders } from './answer-headers.ts'
import { readFormBody, readJsonBody } from './body.ts'
import { addCorsHeaders, isPreflight, preflightResponse } from './cors.ts'
import type { Access, Client, Endpoint } from './endpoint.ts'
import { oauthErrorResponse } from './oauth-answer.ts'
import { checkOrigin } from './origin.ts'
import { problemResponse } from './problem.ts'
import { readQuery } from './query.ts'
import { requestIdOf } from './request-id.ts'
import { createRoutes, type FindRoute } from './routes.ts'

/** What the router needs to know of the world it serves in. */
export interface RouterSettings<Deps, Caller> {
  readonly deps: Deps
  readonly endpoints: readonly Endpoint<Deps, Caller>[]
  /** Where endpoints without `root` are, such as `/api/auth`. No slash at the end. */
  readonly basePath: string
  /** Browser origins that may call with credentials. */
  readonly trustedOrigins: ReadonlySet<string>
  /** Whether a call carries the cookie that makes it prove its origin. */
  readonly hasCredentialCookie: (headers: Headers) => boolean
  readonly https: boolean
  readonly clientOf: (headers: Headers, peer: string) => Client
  /** Finds out who calls and whether they may. Throws the error to answer with. */
  readonly identify: (request: Identifiable, access: Exclude<Access, 'public'>) => Promise<Caller>
  readonly freshRequestId: () => string
  /** Milliseconds that only go forward. */
  readonly monotonicMs: () => number
  /** Called once per request, when its answer is ready. */
  readonly onAnswer: (answered: Answered) => void
  /** Calls `answer` once, for whoever follows what a request leads to. */
  readonly trace: (request: Request, answer: () => Promise<Traced>) => Promise<Traced>
}

/** An answer, and what there is to tell of it. */
export interface Traced {
  readonly response: Response
  readonly answered: Answered
}

/** Where callers say who they are. */
export interface Identifiable {
  readonly headers: Headers
  /** Of a form body; `null` without one. */
  readonly form: Readonly<Record<string, string>> | null
}

/** What there is to log about a request. */
export interface Answered {
  readonly method: string
  /** The endpoint's path with its parameters unfilled; `null` when there is none. */
  readonly route: string | null
  readonly status: number
  readonly requestId: string
  readonly client: Client
  /** What went wrong; `null` when nothing did. */
  readonly error: unknown
  readonly tookMs: number
}

/** Answers a request. `peer` is the address at the other end of the connection. */
export type RequestHandler = (request: Request, peer: string) => Promise<Response>

/** One handler for all endpoints. Every answer, an error too, leaves through one place. */
export function createRouter<Deps, Caller>(settings: RouterSettings<Deps, Caller>): RequestHandler {
  const findRoute = createRoutes(settings.endpoints, settings.basePath)

  return async (request, peer) => {
    const { response } = await settings.trace(request, () =>
      respond(settings, findRoute, { request, peer }),
    )
    return response
  }
}

async function respond<Deps, Caller>(
  settings: RouterSettings<Deps, Caller>,
  findRoute: FindRoute<Deps, Caller>,
  { request, peer }: { readonly request: Request; readonly peer: string },
): Promise<Traced> {
  const startedMs = settings.monotonicMs()
  const requestId = requestIdOf(request.headers, settings.freshRequestId())
  const client = settings.clientOf(request.headers, peer)
  const { response, route, error } = await answer(settings, findRoute, request, client, requestId)

  const headers = new Headers(response.headers)
  headers.set('x-request-id', requestId)
  addCorsHeaders(headers, request.headers, settings.trustedOrigins)
  addAnswerHeaders(headers, { https: settings.https })
  const { status } = response
  const { method } = request
  const tookMs = settings.monotonicMs() - startedMs
  const answered = { method, route, status, requestId, client, error, tookMs }
  settings.onAnswer(answered)
  const body = method === 'HEAD' ? null : response.body
  return { response: new Response(body, { status, headers }), answered }
}

interface Outcome {
  readonly response: Response
  readonly route: string | null
  readonly error: unknown
}

async function answer<Deps, Caller>(
  settings: RouterSettings<Deps, Caller>,
  findRoute: FindRoute<Deps, Caller>,
  request: Request,
  client: Client,
  requestId: string,
): Promise<Outcome> {
  if (isPreflight(request)) return { response: preflightResponse(), route: null, error: null }
  let route: string | null = null
  let isOauth = false
  try {
    const url = new URL(request.url)
    const { endpoint, params } = findRoute(request.method, url.pathname)
    route = endpoint.path
    isOauth = endpoint.oauth === true
    const response = await callEndpoint(settings, endpoint, { request, url, params, client })
    return { response, route, error: null }
  } catch (error) {
    const known = error instanceof AuthError ? error : new AuthError('INTERNAL_ERROR')
    const response = isOauth ? oauthErrorResponse(known) : problemResponse(known, requestId)
    return { response, route, error }
  }
}

// Origin before identity before body: the cheap refusals come first, and a stranger does
// not learn what a body should look like.
async function callEndpoint<Deps, Caller>(
  settings: RouterSettings<Deps, Caller>,
  endpoint: Endpoint<Deps, Caller>,
  input: { request: Request; url: URL; params: Readonly<Record<string, string>>; client: Client },
): Promise<Response> {
  const { request, url, params, client } = input
  const { headers } = request
  if (endpoint.method !== 'GET') {
    const usesCookie = endpoint.readsCookie === true && settings.hasCredentialCookie(headers)
    checkOrigin(headers, { trustedOrigins: settings.trustedOrigins, usesCookie })
  }
  const { access } = endpoint
  // Clients may say in a form who they are: it comes first.
  const form = endpoint.oauth ? await readFormBody(request) : null
  const caller = access === 'public' ? null : await settings.identify({ headers, form }, access)
  const body = form ?? (endpoint.body ? await readJsonBody(request) : undefined)
  const query = endpoint.query ? readQuery(url.searchParams) : {}
  return endpoint.respond(settings.deps, { headers, params, query, body, client, caller })
}
