import { GuardError, readBearer } from '@countersign/verify'
import { toBase64Url } from '../base/encoding.ts'
import { AuthError } from '../base/errors.ts'
import { authenticateClient } from '../clients/authenticate-client.ts'
import type { Deps } from '../features/deps.ts'
import type { Endpoint, Identified } from '../features/endpoint.ts'
import { refreshCookie } from '../features/refresh-cookie.ts'
import { readCookie } from '../http/cookies.ts'
import type { Access } from '../http/endpoint.ts'
import { realm } from '../http/problem.ts'
import type { Identifiable, RouterSettings } from '../http/router.ts'
import { traceRequest } from '../observability/tracing.ts'
import { systemClock } from '../ports/clock.ts'
import { authenticateCaller } from '../sessions/authenticate-caller.ts'
import { networkOf } from '../throttle/address.ts'
import { clientAddress } from '../throttle/client-address.ts'
import type { TrustProxy } from '../throttle/trust-proxy.ts'
import { logAnswer } from './log-answer.ts'

const maxUserAgentLength = 256

/** Tells the router, which knows HTTP and nothing else, about this authority. */
export function routerSettings(
  deps: Deps,
  endpoints: readonly Endpoint[],
): RouterSettings<Deps, Identified> {
  const { settings, random, log } = deps
  const cookieName = refreshCookie(settings).name
  return {
    deps,
    endpoints,
    basePath: settings.basePath,
    trustedOrigins: settings.trustedOrigins,
    https: settings.https,
    hasCredentialCookie: (headers) => readCookie(headers, cookieName).length > 0,
    clientOf: (headers, peer) => clientOf(headers, { peer, proxyTrust: settings.proxyTrust }),
    identify: (request, access) => identify(deps, request, access),
    freshRequestId: () => toBase64Url(random.bytes(12)),
    monotonicMs: systemClock.monotonicMs,
    trace: traceRequest,
    onAnswer(answered) {
      logAnswer(log, answered)
      const { error, tookMs, ...request } = answered
      deps.metrics?.note({ ...request, code: codeOf(error), seconds: tookMs / 1000 })
    },
  }
}

function codeOf(error: unknown): string | null {
  if (error === null) return null
  return error instanceof AuthError ? error.code : 'INTERNAL_ERROR'
}

function clientOf(
  headers: Headers,
  { peer, proxyTrust }: { peer: string; proxyTrust: TrustProxy },
): { ip: string; network: string; userAgent: string | null } {
  const forwardedFor = headers.get('x-forwarded-for')
  const forwarded = headers.get('forwarded')
  const ip = clientAddress({ peer, forwardedFor, forwarded }, proxyTrust)
  const userAgent = headers.get('user-agent')?.slice(0, maxUserAgentLength) ?? null
  return { ip, network: networkOf(ip), userAgent }
}

async function identify(
  deps: Deps,
  request: Identifiable,
  access: Exclude<Access, 'public'>,
): Promise<Identified> {
  if (typeof access === 'object' && 'client' in access) {
    const client = await authenticateClient(deps, request)
    if (access.scope === undefined || client.scopes.includes(access.scope)) return client
    throw new AuthError('SCOPE_MISSING', { detail: `${access.scope} is missing` })
  }
  const caller = await authenticateCaller(deps, bearerOf(request.headers))
  if (access === 'user') return caller
  if (caller.token.permissions?.includes(access.permission)) return caller
  throw new AuthError('FORBIDDEN', { detail: `${access.permission} is missing` })
}

function bearerOf(headers: Headers): string {
  const value = headers.get('authorization')
  try {
    return readBearer(value === null ? [] : [value], realm)
  } catch (cause) {
    if (!(cause instanceof GuardError)) throw cause
    throw new AuthError(cause.code, { cause, headers: cause.headers })
  }
}
