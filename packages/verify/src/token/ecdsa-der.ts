/**
 * Rewrites a signature of ES256 from r and s side by side, 32 bytes each (RFC 7518 §3.4), to a
 * SEQUENCE of two INTEGERs (RFC 3279 §2.2.3): each pair of numbers has exactly one such form.
 *
 * Does not judge the numbers.
 *
 * @param signature 64 bytes.
 */
export function toDer(signature: Uint8Array): Uint8Array {
  const r = toInteger(signature.subarray(0, 32))
  const s = toInteger(signature.subarray(32))
  return Buffer.concat([Buffer.of(0x30, r.length + s.length), r, s])
}

function toInteger(bytes: Uint8Array): Uint8Array {
  const firstDigit = bytes.findIndex((byte) => byte !== 0)
  // Zero has one digit.
  const digits = firstDigit === -1 ? bytes.subarray(-1) : bytes.subarray(firstDigit)
  // A set first bit would make it negative.
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : []
  return Buffer.of(0x02, sign.length + digits.length, ...sign, ...digits)
}
