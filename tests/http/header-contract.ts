import type { Settings } from '../../packages/auth/src/features/deps.ts'
import type { Answer, Exchange } from './client.ts'

type Check = readonly [holds: boolean, problem: string]

/** In what the headers of an answer break the rules that hold for every answer. */
export function headerProblems(settings: Settings, exchange: Exchange): string[] {
  const checks = [
    ...securityChecks(settings, exchange.answer),
    ...cacheChecks(exchange),
    ...requestIdChecks(exchange),
    ...statusChecks(exchange.answer),
    ...corsChecks(settings, exchange),
    ...exchange.answer.cookies.map((cookie) => cookieCheck(settings, cookie)),
  ]
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem)
}

const fixedHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
}

function securityChecks({ https }: Settings, { headers }: Answer): Check[] {
  const policy = String(headers['content-security-policy'])
  const isStrictTransport = headers['strict-transport-security'] !== undefined
  return [
    ...Object.entries(fixedHeaders).map(
      ([name, value]): Check => [headers[name] === value, `${name} is ${String(headers[name])}`],
    ),
    [policy.includes("default-src 'none'"), 'the content security policy is open'],
    [policy.includes("frame-ancestors 'none'"), 'the answer may be framed'],
    [!/unsafe|\*/.test(policy), 'the content security policy has a hole'],
    [isStrictTransport === https, 'Strict-Transport-Security goes with https, and only with it'],
    [headers['x-powered-by'] === undefined, 'the answer tells what it was made with'],
  ]
}

function cacheChecks({ path, method, answer }: Exchange): Check[] {
  const { status, headers, cookies } = answer
  const isRead = method === 'GET' || method === 'HEAD'
  const isStatusList = /\/status-lists\/\d+$/.test(path)
  const isPublic = isRead && (path.startsWith('/.well-known/') || isStatusList) && status < 400
  const inPublic = isStatusList ? /^public, max-age=\d{1,2}$/ : /^public, max-age=300$/
  const expected = isPublic ? inPublic : /^no-store$/
  return [
    [
      expected.test(String(headers['cache-control'])),
      `Cache-Control is ${headers['cache-control']}`,
    ],
    [String(headers.vary).split(', ').includes('Origin'), 'Vary does not name Origin'],
    [!isPublic || cookies.length === 0, 'a cookie in what others may keep'],
  ]
}

function requestIdChecks({ call, answer }: Exchange): Check[] {
  const given = call.headers?.['x-request-id']
  const id = String(answer.headers['x-request-id'])
  const isKept = typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given)
  return [
    isKept
      ? [id === given, 'the request id was not kept']
      : [/^[A-Za-z0-9_-]{16}$/.test(id), `the request id is ${id}`],
  ]
}

function statusChecks({ status, headers, body }: Answer): Check[] {
  const challenge = headers['www-authenticate']
  const retryAfter = headers['retry-after']
  const { code, error } = (body ?? {}) as { code?: string; error?: string }
  const isTokenRefused = ['TOKEN_INVALID', 'TOKEN_EXPIRED', 'TOKEN_REVOKED'].includes(code ?? '')
  const expected =
    error !== undefined
      ? 'Basic realm="countersign"'
      : isTokenRefused
        ? 'Bearer realm="countersign", error="invalid_token"'
        : 'Bearer realm="countersign"'
  const malformed = 'Bearer realm="countersign", error="invalid_request"'
  return [
    [
      challenge === (status === 401 ? expected : undefined) ||
        (status === 400 && challenge === malformed),
      `challenge: ${challenge}`,
    ],
    [
      status === 429 || status === 503 ? /^[1-9]\d*$/.test(retryAfter ?? '') : !retryAfter,
      `Retry-After is ${retryAfter}`,
    ],
    [(status === 429) === (headers['ratelimit'] !== undefined), 'RateLimit goes with 429'],
    [(status === 429) === (headers['ratelimit-policy'] !== undefined), 'RateLimit-Policy too'],
    [(status === 405) === (headers.allow !== undefined), 'Allow goes with 405'],
    [/^\/api\/auth\/|^$/.test(headers.location ?? ''), `a redirect to ${headers.location}`],
  ]
}

function corsChecks({ trustedOrigins }: Settings, { call, answer }: Exchange): Check[] {
  const origin = call.headers?.['origin']
  const isTrusted = typeof origin === 'string' && trustedOrigins.has(origin)
  const allowed = answer.headers['access-control-allow-origin']
  const credentials = answer.headers['access-control-allow-credentials']
  return [
    [allowed === (isTrusted ? origin : undefined), `the origin ${allowed} may read the answer`],
    [credentials === (isTrusted ? 'true' : undefined), 'credentials are allowed to others'],
  ]
}

/** One cookie: its name, its attributes and no others, whether it is set or cleared (G7). */
function cookieCheck({ https }: Settings, cookie: string): Check {
  const shape = https
    ? /^__Host-(?:refresh_token|device)=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/
    : /^(?:refresh_token|device)=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/
  return [shape.test(cookie), `the cookie is ${cookie}`]
}
