import { AuthError } from '../base/errors.ts'
import type { Answered } from '../http/router.ts'
import { currentTraceId } from '../observability/tracing.ts'
import type { LogFields, Logger } from '../ports/logger.ts'

// Asked all the time, by machines.
const probes = new Set(['/healthz', '/readyz', '/revocations/feed', '/introspect'])

/**
 * One line for each request: what was asked, what came of it, for whom. Of the path only the
 * pattern, of the body nothing: neither may hold a secret there.
 */
export function logAnswer(log: Logger, answered: Answered): void {
  const { method, route, status, requestId, client, error } = answered
  const traceId = currentTraceId()
  const fields: LogFields = {
    method,
    route,
    status,
    requestId,
    ...(traceId !== undefined && { traceId }),
    ip: client.ip,
    ...(error !== null && describe(error)),
  }
  // Asked every few seconds: when it changes is told once, by `ReadinessWatch`.
  if (route === '/readyz' && status === 503) log.debug(fields, 'request refused')
  else if (isShed(error)) log.warn(fields, 'request refused')
  else if (status >= 500) log.error(fields, 'request failed')
  else if (route !== null && probes.has(route)) log.debug(fields, 'request')
  else log.info(fields, 'request')
}

// 503 without a cause is the service protecting itself, not something that broke.
function isShed(error: unknown): boolean {
  return error instanceof AuthError && error.status === 503 && error.cause === undefined
}

function describe(error: unknown): LogFields {
  if (!(error instanceof AuthError)) return { code: 'INTERNAL_ERROR', detail: stackOf(error) }
  const { code, detail, status, cause } = error
  return {
    code,
    ...(detail !== undefined && { detail }),
    ...(status >= 500 && cause !== undefined && { cause: messageOf(cause) }),
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
