import type { z } from 'zod'
import type { Access, Endpoint as AnyEndpoint, EndpointSource } from '../http/endpoint.ts'
import { toEndpoint } from '../http/endpoint.ts'
import type { ServiceClient } from '../model/service-client.ts'
import type { Caller } from '../sessions/authenticate-caller.ts'
import type { Deps } from './deps.ts'

/** An endpoint of this package. */
export type Endpoint = AnyEndpoint<Deps, Identified>

/** Who was found to call: somebody who is signed in, or a service client. */
export type Identified = Caller | ServiceClient

type Schema = z.ZodType | undefined

/** An endpoint anyone may call. */
export function publicEndpoint<
  Body extends Schema = undefined,
  Query extends Schema = undefined,
  Params extends Schema = undefined,
>(source: Omit<EndpointSource<Deps, null, Body, Query, Params>, 'access'>): Endpoint {
  return toEndpoint({ ...source, access: 'public' as const }, () => null)
}

/** An endpoint for whoever is signed in and, if it names one, has a permission. */
export function userEndpoint<
  Body extends Schema = undefined,
  Query extends Schema = undefined,
  Params extends Schema = undefined,
>(
  source: Omit<EndpointSource<Deps, Caller, Body, Query, Params>, 'access'> & {
    readonly permission?: string
  },
): Endpoint {
  const { permission, ...rest } = source
  const access: Access = permission === undefined ? 'user' : { permission }
  return toEndpoint({ ...rest, access }, requireCaller)
}

// The router has identified the caller; this says so to the types, and fails closed.
function requireCaller(caller: Identified | null): Caller {
  if (!caller || !('user' in caller)) throw new TypeError('an endpoint for users, without a user')
  return caller
}

/** An endpoint for service clients; with a `scope`, for those that have it. */
export function clientEndpoint<
  Body extends Schema = undefined,
  Query extends Schema = undefined,
  Params extends Schema = undefined,
>(
  source: Omit<EndpointSource<Deps, ServiceClient, Body, Query, Params>, 'access'> & {
    readonly scope?: string
  },
): Endpoint {
  const { scope, ...rest } = source
  const access: Access = { client: true, ...(scope !== undefined && { scope }) }
  return toEndpoint({ ...rest, access }, requireClient)
}

function requireClient(caller: Identified | null): ServiceClient {
  if (!caller || 'user' in caller) throw new TypeError('an endpoint for clients, without a client')
  return caller
}
