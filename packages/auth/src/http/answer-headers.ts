// For answers that are data. A page that needs more sets its own policy.
const contentSecurityPolicy =
  "default-src 'none'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'"

const twoYearsSeconds = 63_072_000

/** Headers every answer carries, whatever its status, unless it has set its own. */
export function addAnswerHeaders(headers: Headers, input: { readonly https: boolean }): void {
  // JSON is UTF-8 (RFC 8259 §8.1); saying so keeps old readers from guessing.
  if (headers.get('content-type') === 'application/json') {
    headers.set('content-type', 'application/json; charset=utf-8')
  }
  setDefault(headers, 'cache-control', 'no-store')
  setDefault(headers, 'content-security-policy', contentSecurityPolicy)
  setDefault(headers, 'cross-origin-resource-policy', 'same-origin')
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('x-frame-options', 'DENY')
  headers.set('cross-origin-opener-policy', 'same-origin')
  if (input.https) {
    headers.set('strict-transport-security', `max-age=${twoYearsSeconds}; includeSubDomains`)
  }
}

function setDefault(headers: Headers, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value)
}
