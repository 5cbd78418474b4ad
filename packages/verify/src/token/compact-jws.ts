import { decodeBase64Url } from './base64url.ts'
import { TokenError } from './token-error.ts'

/** The parts of a compact JWS (RFC 7515 §3.1), the payload and signature decoded. */
export interface CompactJws {
  /** Still encoded: headers repeat, and are read once. */
  readonly header: string
  readonly payload: Buffer
  readonly signature: Buffer
  /** What was signed: the first two parts as received. */
  readonly signedData: Buffer
}

/**
 * Longer tokens are refused unread. Node's own limit for all headers is 16 KiB.
 *
 * @exportedForTest
 */
export const maxTokenLength = 8192

/**
 * Takes a compact JWS apart: three parts, none empty, in canonical base64url. The header is
 * not decoded.
 *
 * @throws {TokenError} `TOKEN_INVALID`
 */
export function splitCompactJws(token: string): CompactJws {
  if (token.length > maxTokenLength) throw new TokenError('TOKEN_INVALID', 'too long')
  const first = token.indexOf('.')
  const second = token.indexOf('.', first + 1)
  const payload = decodeBase64Url(token.slice(first + 1, second))
  const signature = decodeBase64Url(token.slice(second + 1))
  // A dot too many is in the signature then, where it is no base64url.
  const isWhole = first > 0 && second > first + 1 && second < token.length - 1
  if (!isWhole || !payload || !signature) throw new TokenError('TOKEN_INVALID', 'not a compact JWS')
  return {
    header: token.slice(0, first),
    payload,
    signature,
    signedData: Buffer.from(token.slice(0, second), 'latin1'),
  }
}
