import { isIP, isIPv4, SocketAddress } from 'node:net'

/** Stands for a caller that has no address, as on a Unix socket. */
export const unknownAddress = 'unknown'

/**
 * Reads an IP address into its one canonical spelling, or answers `null`.
 *
 * IPv6 is shortened as RFC 5952 says and loses its zone. An IPv4-mapped address becomes the
 * IPv4 address it stands for: both reach us from the same caller.
 */
export function parseAddress(text: string): string | null {
  const family = isIP(text)
  if (family === 0) return null
  if (family === 4) return text
  const { address } = new SocketAddress({ address: text, family: 'ipv6' })
  const embedded = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : ''
  return isIPv4(embedded) ? embedded : address
}

/** The network that counts as one caller: an IPv4 address's /24, an IPv6 address's /64. */
export function networkOf(text: string): string {
  const address = parseAddress(text)
  if (address === null) return unknownAddress
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  return `${ipv6Groups(address).slice(0, 4).join(':')}::/64`
}

function ipv6Groups(address: string): string[] {
  const [head = [], tail = []] = address
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array<string>(8 - head.length - tail.length).fill('0')
  return [...head, ...zeros, ...tail]
}
