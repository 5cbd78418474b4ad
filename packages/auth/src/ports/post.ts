import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { type RequestOptions, request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** An answer to what was posted. */
export interface Posted {
  readonly status: number
  /** Its beginning: at most 4 KiB. */
  readonly text: string
}

/**
 * Posts a body and reads the answer. Follows no redirect.
 *
 * @throws {Error} No answer in time, or an address that nobody is posted to.
 */
export type Post = (input: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}) => Promise<Posted>

const maxAnswerBytes = 4096

export const systemPost: Post = ({ url, headers, body, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const target = new URL(url)
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: lookupOutsideLinks,
      signal: AbortSignal.timeout(timeoutMs),
    }
    const literal = target.hostname.replace(/^\[|\]$/g, '')
    // Numbers are not looked up.
    if (isIP(literal) && isLinkLocal(literal)) throw notPostedTo(target.hostname)
    const send = target.protocol === 'https:' ? requestHttps : requestHttp
    const request = send(target, options, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text = (text + part).slice(0, maxAnswerBytes)
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      answer.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })

// Looked at when the connection is made: a name may lead elsewhere the second time it is asked.
const lookupOutsideLinks: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || !first) callback(error ?? notPostedTo(hostname), '')
    else if (addresses.some(({ address }) => isLinkLocal(address))) {
      callback(notPostedTo(hostname), '')
    } else if (options.all) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

// Where machines of a cloud ask for their own credentials (RFC 3927, RFC 4291 §2.5.6). Addresses
// of IPv4 inside of IPv6 are found, too.
const linkLocal = new BlockList()
linkLocal.addSubnet('169.254.0.0', 16, 'ipv4')
linkLocal.addSubnet('fe80::', 10, 'ipv6')

function isLinkLocal(address: string): boolean {
  return linkLocal.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

function notPostedTo(where: string): Error {
  return new Error(`nothing is posted to ${where}`)
}
