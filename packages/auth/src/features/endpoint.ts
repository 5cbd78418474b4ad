import type { z } from 'zod'
import type { Access, Endpoint as AnyEndpoint, EndpointSource } from '../http/endpoint.ts'
import { toEndpoint } from '../http/endpoint.ts'
import type { Caller } from '../sessions/authenticate-caller.ts'
import type { Deps } from './deps.ts'

/** An endpoint of this package. */
export type Endpoint = AnyEndpoint<Deps, Caller>

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
function requireCaller(caller: Caller | null): Caller {
  if (!caller) throw new TypeError('an endpoint for users was called without a caller')
  return caller
}
