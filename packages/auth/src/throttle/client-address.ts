import { parseAddress, unknownAddress } from './address.ts'
import type { TrustProxy } from './trust-proxy.ts'

/** What a request says about where it comes from. */
export interface RequestOrigin {
  /** Address of the socket's other end; `undefined` on a Unix socket. */
  readonly peer: string | undefined
  /** The header `X-Forwarded-For`, several joined with commas; `null` when absent. */
  readonly forwardedFor: string | null
  /** The header `Forwarded` (RFC 7239), several joined with commas; `null` when absent. */
  readonly forwarded: string | null
}

/**
 * The address a request is counted under: the nearest machine that is not one of our proxies.
 *
 * Without a trusted proxy that is the peer, and headers are not read. Each proxy appends whom
 * it heard from, so headers are read from the right, and what the caller wrote is never
 * reached. A hop that is no address (`unknown`, a made-up name) ends the search: the request
 * counts for the proxy that wrote it. When both headers are there and disagree, one of them
 * may have passed through unchanged from the caller: the request counts for the peer.
 */
export function clientAddress(origin: RequestOrigin, trust: TrustProxy): string {
  const peer = parseAddress(origin.peer ?? '') ?? unknownAddress
  const byHeader = [
    origin.forwardedFor?.split(',').map(parseHop),
    origin.forwarded?.split(',').map(parseForwardedElement),
  ]
  const found = byHeader
    .filter((hops) => hops !== undefined)
    .map((hops) => nearestUntrusted({ peer, hops }, trust))
  return new Set(found).size === 1 ? (found[0] ?? peer) : peer
}

function nearestUntrusted(
  { peer, hops }: { peer: string; hops: readonly (string | null)[] },
  trust: TrustProxy,
): string {
  let address = peer
  for (const [distance, before] of hops.toReversed().entries()) {
    if (before === null || !trust({ address, distance })) return address
    address = before
  }
  return address
}

// A comma inside a quoted string tears an element apart, which makes its parts malformed but
// leaves alone what our proxies appended to the right of it.
function parseForwardedElement(element: string): string | null {
  const parameters = element.split(';').map((parameter) => parameter.trim())
  const [first, ...more] = parameters.filter((text) => text.toLowerCase().startsWith('for='))
  if (first === undefined || more.length > 0) return null
  const node = first.slice('for='.length)
  const isQuoted = node.length >= 2 && node.startsWith('"') && node.endsWith('"')
  return parseHop(isQuoted ? node.slice(1, -1) : node)
}

/** Reads `address`, `address:port`, `[address]` or `[address]:port`. */
function parseHop(text: string): string | null {
  const hop = text.trim()
  return parseAddress(hop) ?? parseAddress(withoutPort(hop))
}

function withoutPort(hop: string): string {
  if (hop.startsWith('[')) return hop.slice(1, hop.lastIndexOf(']'))
  const [address = '', , ...more] = hop.split(':')
  return more.length === 0 ? address : ''
}
