/**
 * Decodes canonical base64url, or answers `null`.
 *
 * Padding, white space, other alphabets and stray bits in the last character are refused:
 * every byte string has exactly one spelling.
 *
 * @see RFC 7515 §2, RFC 4648 §3.5
 */
export function decodeBase64Url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}
