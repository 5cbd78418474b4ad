import type { FreshnessClock } from './freshness.ts'
import { randomWords, systemFreshnessClock } from './system.ts'

/** Where a feed comes from, and who asks for it. */
export interface RevocationFeedOptions {
  /** The authority. */
  readonly issuer: string
  /** A service client with the scopes `revocations:read` and `tokens:introspect`. */
  readonly clientId: string
  readonly clientSecret: string
  /**
   * Where to ask instead of at the issuer, in this order: base URLs of the authority's processes,
   * such as `https://auth-1.internal/api/auth`. Whichever answers is kept.
   */
  readonly hubs?: readonly string[]
  /** Where the issuer has its endpoints. Default `/api/auth`. */
  readonly basePath?: string
  /** How long a hub may hold a poll, 50 to 500 milliseconds. Default `300`. */
  readonly holdMs?: number
  /** Default: the system's. */
  readonly clock?: FreshnessClock
}

/** Options that have been checked. */
export interface FeedSettings {
  /** With a slash at the end. */
  readonly hubs: readonly URL[]
  readonly authorization: string
  readonly verifierId: string
  readonly holdMs: number
  readonly clock: FreshnessClock
}

/** @throws {TypeError} Names every option that is wrong, missing or unknown. */
export function checkFeedOptions(options: RevocationFeedOptions): FeedSettings {
  const { issuer, clientId, clientSecret, basePath = '/api/auth', holdMs = 300 } = options
  const { hubs = [`${issuer}${basePath}`], clock = systemFreshnessClock, ...others } = options
  const {
    issuer: _i,
    clientId: _c,
    clientSecret: _s,
    basePath: _b,
    holdMs: _h,
    ...unknown
  } = others
  const problems = Object.keys(unknown).map((name) => `${name} is no option`)
  for (const [name, value] of Object.entries({ issuer, clientId, clientSecret })) {
    if (typeof value !== 'string' || value === '') problems.push(`${name} must be text`)
  }
  if (!Number.isInteger(holdMs) || holdMs < 50 || holdMs > 500) {
    problems.push('holdMs must be a whole number from 50 to 500')
  }
  const urls = Array.isArray(hubs) ? hubs.map(parseHub) : []
  if (urls.length === 0 || urls.includes(null)) {
    problems.push('hubs must be https URLs, or http on this machine')
  }
  if (problems.length > 0) throw new TypeError(`revocationFeed: ${problems.join('; ')}.`)
  return {
    hubs: urls.filter((url) => url !== null),
    authorization: basicAuthorization(clientId, clientSecret),
    verifierId: Buffer.from(randomWords(4).buffer).toString('base64url'),
    holdMs,
    clock,
  }
}

function parseHub(text: unknown): URL | null {
  if (typeof text !== 'string' || !URL.canParse(text)) return null
  const url = new URL(`${text.replace(/\/$/, '')}/`)
  if (url.username !== '' || url.search !== '' || url.hash !== '') return null
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)) ? url : null
}

// The secret travels with every request.
function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

/** RFC 6749 §2.3.1: both parts are form-encoded first. */
function basicAuthorization(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
  const credentials = `${encode(clientId)}:${encode(clientSecret)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}
