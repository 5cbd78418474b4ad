import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Authority, type CallAuthority, openAuthority } from './authority.ts'
import { newCredentials } from './people.ts'

// As an application sets OpenTelemetry up, with what it has traced in a list.

const exporter = new InMemorySpanExporter()
let authority: Authority
let call: CallAuthority
beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  trace.setGlobalTracerProvider(provider)
  authority = await openAuthority({ hashesPasswords: true })
  call = authority.from()
})
afterAll(async () => {
  await authority.close()
  trace.disable()
})
beforeEach(() => exporter.reset())

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`

/** The spans of the trace, the one of the request first. */
function spansOf(): { request: ReadableSpan; parts: ReadableSpan[] } {
  const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId)
  const request = spans.find(({ kind }) => kind === SpanKind.SERVER)
  if (!request) throw new Error('the request was not traced')
  return { request, parts: spans.filter((span) => span !== request) }
}

test('a request is a span of the trace its caller began, and so is what it does', async () => {
  const { status } = await call('POST /register', {
    body: newCredentials(),
    headers: { traceparent },
  })
  expect(status).toBe(201)
  const { request, parts } = spansOf()
  expect(request.name).toBe('POST /register')
  expect(request.attributes).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/register',
    'http.response.status_code': 201,
  })
  const names = parts.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['hash password', 'store users.create']))
  const parents = new Set(parts.map(({ parentSpanContext }) => parentSpanContext?.spanId))
  expect(parents).toContain(request.spanContext().spanId)
})

test('log lines name the trace', async () => {
  await call('GET /profile', { headers: { traceparent } })
  const line = authority.logLines.map((text) => JSON.parse(text) as Record<string, unknown>).at(-1)
  expect(line).toMatchObject({ route: '/profile', traceId })
})

test('a refusal is told by its code, and only a failure is an error', async () => {
  await call('GET /profile', { headers: { traceparent } })
  const { request } = spansOf()
  expect(request.attributes['error.type']).toBe('TOKEN_MISSING')
  expect(request.status.code).toBe(SpanStatusCode.UNSET)
})

test('no span holds an address, a password, a token or a path as it was asked for', async () => {
  const { email, password } = newCredentials()
  const made = await call('POST /register', {
    body: { email, password, transport: 'body' },
    headers: { traceparent },
  })
  await call('GET /nowhere/somebody@example.com?token=hunter2', { headers: { traceparent } })
  const told = exporter.getFinishedSpans().map(({ name, attributes, status, events }) => ({
    name,
    attributes,
    status,
    events,
  }))
  const text = JSON.stringify(told)
  const { accessToken, refreshToken } = made.body as Record<string, string>
  for (const secret of [email, password, accessToken, refreshToken, 'somebody', 'hunter2']) {
    expect(text).not.toContain(secret)
  }
})
