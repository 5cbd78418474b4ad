import { deflateSync } from 'node:zlib'
import { toBase64Url } from '../base/encoding.ts'

/** A status list as JSON (draft-ietf-oauth-status-list §4.2). */
export interface StatusList {
  readonly bits: StatusBits
  /** The list, compressed (zlib), in base64url. */
  readonly lst: string
}

type StatusBits = 1 | 2 | 4 | 8

/**
 * Packs statuses, the first one in the lowest bits of the first byte.
 *
 * @param statuses By index; every other one is 0.
 * @param shape.size How many there are.
 * @see draft-ietf-oauth-status-list §4.1
 */
export function encodeStatusList(
  statuses: Iterable<readonly [index: number, status: number]>,
  { bits, size }: { readonly bits: StatusBits; readonly size: number },
): StatusList {
  const bytes = new Uint8Array(Math.ceil((size * bits) / 8))
  for (const [index, status] of statuses) {
    if (index < 0 || index >= size || status >= 2 ** bits) throw new RangeError('not in the list')
    const bit = index * bits
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (status << (bit & 7))
  }
  return { bits, lst: toBase64Url(deflateSync(bytes, { level: 9 })) }
}
