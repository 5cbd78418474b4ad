const methods = 'GET, POST, PUT, PATCH, DELETE'
const requestHeaders = 'Authorization, Content-Type, Idempotency-Key, X-Request-Id'
const exposedHeaders = 'X-Request-Id, Retry-After, RateLimit, WWW-Authenticate'
const preflightCacheSeconds = 600

/**
 * Lets pages of trusted origins, and no others, read answers and send credentials.
 * Never a wildcard, never `null`.
 */
export function addCorsHeaders(
  answer: Headers,
  request: Headers,
  trustedOrigins: ReadonlySet<string>,
): void {
  answer.append('vary', 'Origin')
  const origin = request.get('origin')
  if (origin === null || !trustedOrigins.has(origin)) return
  answer.set('access-control-allow-origin', origin)
  answer.set('access-control-allow-credentials', 'true')
  answer.set('access-control-expose-headers', exposedHeaders)
}

/** Whether a browser asks for permission first (Fetch, "CORS-preflight request"). */
export function isPreflight(request: Request): boolean {
  return request.method === 'OPTIONS' && request.headers.has('access-control-request-method')
}

/** The answer to a preflight, before {@link addCorsHeaders} says for whom it holds. */
export function preflightResponse(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': methods,
      'access-control-allow-headers': requestHeaders,
      'access-control-max-age': String(preflightCacheSeconds),
      vary: 'Access-Control-Request-Method, Access-Control-Request-Headers',
    },
  })
}
