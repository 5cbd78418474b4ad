import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api'
import type { Answered, Traced } from '../http/router.ts'

// Looked up each time: an application may set its SDK up after this was loaded. Without one
// everything below does nothing.
const tracer = () => trace.getTracer('countersign')

const headerGetter: TextMapGetter<Headers> = {
  keys: (headers) => [...headers.keys()],
  get: (headers, name) => headers.get(name) ?? undefined,
}

/**
 * Traces a request, as part of the trace that its headers name. Tells the pattern of the path,
 * and nothing of who asks or what for.
 *
 * @see OpenTelemetry semantic conventions for HTTP server spans
 */
export async function traceRequest(
  { method, headers }: Pick<Request, 'method' | 'headers'>,
  answer: () => Promise<Traced>,
): Promise<Traced> {
  const parent = propagation.extract(context.active(), headers, headerGetter)
  const options = { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } }
  return await tracer().startActiveSpan(method, options, parent, async (span) => {
    try {
      const outcome = await answer()
      tell(span, outcome.answered)
      return outcome
    } finally {
      span.end()
    }
  })
}

function tell(span: Span, { method, route, status, requestId, error }: Answered): void {
  if (route !== null) span.updateName(`${method} ${route}`)
  span.setAttributes({
    'http.response.status_code': status,
    'countersign.request_id': requestId,
    ...(route !== null && { 'http.route': route }),
    ...(isCoded(error) && { 'error.type': error.code }),
  })
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
}

/** Traces a part of a request. Of an error only its kind is told: words may hold values. */
export async function traced<Result>(
  name: string,
  attributes: Attributes,
  work: () => Promise<Result>,
): Promise<Result> {
  return await tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work()
    } catch (error) {
      const type = isCoded(error) ? error.code : 'error'
      span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR })
      throw error
    } finally {
      span.end()
    }
  })
}

/** The trace a log line belongs to; `undefined` without a trace. */
export function currentTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId
}

function isCoded(error: unknown): error is { readonly code: string } {
  return (
    typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
  )
}
