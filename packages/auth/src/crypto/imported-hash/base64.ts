// In bytes. 112 bits are out of reach of guessing; what is longer makes comparing dearer and
// nothing safer.
const outputBytes = { least: 14, most: 64 }

/**
 * Decodes base64 as password hashes spell it: with or without padding, in the alphabet of RFC
 * 4648 §4, with `.` for `+` as passlib writes it, or URL-safe.
 *
 * @returns `null` for anything else, stray bits in the last character included.
 */
export function decodeHashBase64(text: string): Buffer | null {
  const plain = text
    .replace(/={1,2}$/, '')
    .replaceAll('.', '+')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  const bytes = Buffer.from(plain, 'base64')
  return bytes.toString('base64').replace(/=+$/, '') === plain ? bytes : null
}

/** Decodes what came out of a hash function. @returns `null` when it is too short or too long, too. */
export function decodeHashOutput(text: string): Buffer | null {
  const bytes = decodeHashBase64(text)
  const { least, most } = outputBytes
  return bytes && bytes.byteLength >= least && bytes.byteLength <= most ? bytes : null
}
