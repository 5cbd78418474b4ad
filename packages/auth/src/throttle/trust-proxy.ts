import { BlockList, isIPv4 } from 'node:net'
import { parseAddress } from './address.ts'

/** A machine that handed a request on. */
export interface Hop {
  readonly address: string
  /** 0: it speaks to us. 1: it spoke to that one, and so on. */
  readonly distance: number
}

/** Whether a hop is one of our proxies, whose word about the hop before it is taken. */
export type TrustProxy = (hop: Hop) => boolean

const trustNoProxy: TrustProxy = () => false

const maxProxies = 16

/**
 * Reads the option `TRUST_PROXY`: `none`, the number of proxies in front (1 to 16), or a list
 * of addresses and CIDR blocks separated by commas.
 *
 * A number trusts whoever connects: only safe when nobody can get past the proxies.
 *
 * @throws {TypeError} Naming every entry that is wrong.
 */
export function parseTrustProxy(text: string): TrustProxy {
  const option = text.trim()
  if (option === 'none') return trustNoProxy
  return /^\d+$/.test(option) ? trustCount(Number(option)) : trustNetworks(option.split(','))
}

function trustCount(proxies: number): TrustProxy {
  if (proxies < 1 || proxies > maxProxies) {
    throw new TypeError(`a number of proxies must be 1 to ${maxProxies}; use "none" for no proxy`)
  }
  return ({ distance }) => distance < proxies
}

function trustNetworks(entries: readonly string[]): TrustProxy {
  const networks = new BlockList()
  const wrong = entries.map((entry) => entry.trim()).filter((entry) => !add(networks, entry))
  if (wrong.length > 0) {
    const names = wrong.map((entry) => `"${entry}"`).join(', ')
    throw new TypeError(`neither "none", a number, an address nor a CIDR block: ${names}`)
  }
  return ({ address }) => networks.check(address, familyOf(address))
}

// A block of length 0 is refused: it trusts everybody, and so believes any address.
function add(networks: BlockList, entry: string): boolean {
  const [text = '', prefix, ...rest] = entry.split('/')
  const address = parseAddress(text)
  if (address === null || rest.length > 0) return false
  const family = familyOf(address)
  const bits = family === 'ipv4' ? 32 : 128
  if (prefix === undefined) {
    networks.addAddress(address, family)
    return true
  }
  // The prefix of an IPv4-mapped block counts 96 bits too many: it must be written as IPv4.
  const isMapped = family === 'ipv4' && text.includes(':')
  const length = Number(prefix)
  if (isMapped || !/^\d+$/.test(prefix) || length < 1 || length > bits) return false
  networks.addSubnet(address, length, family)
  return true
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv4(address) ? 'ipv4' : 'ipv6'
}
