/** What one cookie looks like, whether it is set or cleared: the attributes must be equal. */
export interface CookieShape {
  readonly name: string
  readonly secure: boolean
}

/**
 * The name and attributes of a cookie of ours. Over https it carries the `__Host-` prefix,
 * which ties it to this host alone (RFC 6265bis §4.1.3.2); over plain http, which only
 * loopback may use, a browser would refuse the prefix.
 */
export function cookieShape(name: string, secure: boolean): CookieShape {
  return { name: secure ? `__Host-${name}` : name, secure }
}

/** @param maxAgeSeconds Zero or less clears the cookie. */
export function serializeCookie(shape: CookieShape, value: string, maxAgeSeconds: number): string {
  const attributes = [
    `${shape.name}=${value}`,
    'Path=/',
    `Max-Age=${Math.max(0, Math.floor(maxAgeSeconds))}`,
    'HttpOnly',
    'SameSite=Strict',
  ]
  if (shape.secure) attributes.push('Secure')
  return attributes.join('; ')
}

/**
 * Reads every value of one cookie by its exact name. More than one means that somebody
 * shadows it (RFC 6265bis §8.6): the caller must refuse.
 */
export function readCookie(headers: Headers, name: string): string[] {
  const header = headers.get('cookie')
  if (header === null) return []
  return header
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
}
