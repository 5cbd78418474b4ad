const numberBytes = 32

/**
 * Rewrites a signature on P-256 from a SEQUENCE of two INTEGERs (RFC 3279 §2.2.3), as OpenSSL
 * makes it, to r and s side by side, as ES256 has it (RFC 7518 §3.4).
 *
 * Does not judge the form: only for signatures made here.
 *
 * @returns 64 bytes.
 */
export function fromDer(der: Uint8Array): Uint8Array {
  // Tag and length of the sequence, then tag, length and digits of each integer.
  const firstLength = der[3] ?? 0
  const first = der.subarray(4, 4 + firstLength)
  const second = der.subarray(4 + firstLength + 2)
  const signature = new Uint8Array(2 * numberBytes)
  for (const [index, integer] of [first, second].entries()) {
    // A zero before a set first bit goes; zeros that DER leaves out come back.
    const digits = integer.subarray(-numberBytes)
    signature.set(digits, (index + 1) * numberBytes - digits.length)
  }
  return signature
}
