import type { z } from 'zod'
import type { ErrorCode } from '../base/errors.ts'
import { parseMember } from './validation.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Who may call: anyone, whoever is signed in, who has a permission, or a service client; with a
 * `scope`, one that has it.
 */
export type Access =
  | 'public'
  | 'user'
  | { readonly permission: string }
  | { readonly client: true; readonly scope?: string }

/** Who sent a request, as far as the connection tells. */
export interface Client {
  /** After trusted proxies are taken away. */
  readonly ip: string
  /** The network limits count by: /24 of IPv4, /64 of IPv6. */
  readonly network: string
  /** At most 256 characters; `null` when the header is missing. */
  readonly userAgent: string | null
}

/** A request on its way to an endpoint, not yet validated. */
export interface Incoming<Caller> {
  readonly headers: Headers
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
  readonly client: Client
  /** Set if and only if the endpoint's access is not `public`. */
  readonly caller: Caller | null
}

/** One answer an endpoint gives when all goes well. */
export interface Success {
  readonly status: number
  readonly description: string
  /** Body of the answer; none for 204. */
  readonly schema?: z.ZodType
  /** Default `application/json`. */
  readonly contentType?: string
}

/** What describes an endpoint: router, OpenAPI document and docs follow from it. */
export interface EndpointDescription {
  readonly method: Method
  /** Below the base path, or from the root with `root`. `:name` is a parameter. */
  readonly path: string
  /** The path counts from the issuer's root, not from the base path. */
  readonly root?: true
  readonly summary: string
  readonly description?: string
  readonly tag: string
  readonly access: Access
  /** Reads the refresh cookie: a call that carries it must prove its origin. */
  readonly readsCookie?: true
  /** What RFC 6749 and its kin prescribe: form bodies, and errors as of its §5.2. */
  readonly oauth?: true
  readonly body?: z.ZodType
  readonly query?: z.ZodType
  readonly params?: z.ZodType
  readonly success: readonly Success[]
  readonly errors: readonly ErrorCode[]
}

/** An endpoint with the types of its members erased. */
export interface Endpoint<Deps, Caller> extends EndpointDescription {
  respond(deps: Deps, incoming: Incoming<Caller>): Promise<Response>
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** What a handler gets: members validated, the caller known. */
export interface Validated<Caller, Body, Query, Params> {
  readonly headers: Headers
  readonly client: Client
  readonly caller: Caller
  readonly body: Parsed<Body>
  readonly query: Parsed<Query>
  readonly params: Parsed<Params>
}

/** An endpoint as it is written: a description and one function. */
export type EndpointSource<Deps, Caller, Body, Query, Params> = Omit<
  EndpointDescription,
  'body' | 'query' | 'params'
> & {
  readonly body?: Body
  readonly query?: Query
  readonly params?: Params
  handle(deps: Deps, input: Validated<Caller, Body, Query, Params>): Promise<Response>
}

type Schema = z.ZodType | undefined

/** Puts validation in front of a handler and erases its types. */
export function toEndpoint<
  Deps,
  Caller,
  HandlerCaller,
  Body extends Schema,
  Query extends Schema,
  Params extends Schema,
>(
  source: EndpointSource<Deps, HandlerCaller, Body, Query, Params>,
  toHandlerCaller: (caller: Caller | null) => HandlerCaller,
): Endpoint<Deps, Caller> {
  const { handle, body, query, params, ...description } = source
  return {
    ...description,
    ...(body && { body }),
    ...(query && { query }),
    ...(params && { params }),
    async respond(deps, incoming) {
      return handle(deps, {
        headers: incoming.headers,
        client: incoming.client,
        caller: toHandlerCaller(incoming.caller),
        params: parseMember(params, incoming.params) as Parsed<Params>,
        query: parseMember(query, incoming.query) as Parsed<Query>,
        body: parseMember(body, incoming.body) as Parsed<Body>,
      })
    },
  }
}
