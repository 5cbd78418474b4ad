import { timingSafeEqual } from 'node:crypto'

/** Compares two secrets in time that depends on their lengths alone. */
export function isEqualConstantTime(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b)
}
