import { AuthError } from '../base/errors.ts'

/**
 * Stops other sites from acting with a user's cookies (CSRF), by what browsers say of
 * where a request comes from and scripts cannot forge.
 *
 * `Sec-Fetch-Site: same-origin` is enough. Otherwise `Origin`, or if there is none
 * `Referer`, must be of a trusted origin. A call that uses a cookie and says nothing of
 * where it comes from is refused; one that does not, such as a program's, is let through.
 *
 * @throws {AuthError} `ORIGIN_REFUSED`.
 * @see Fetch Metadata (W3C), OWASP CSRF Prevention Cheat Sheet
 */
export function checkOrigin(
  headers: Headers,
  rule: { readonly trustedOrigins: ReadonlySet<string>; readonly usesCookie: boolean },
): void {
  const site = headers.get('sec-fetch-site')
  if (site === 'same-origin') return

  const source = headers.get('origin') ?? originOf(headers.get('referer'))
  if (source !== null && rule.trustedOrigins.has(source)) return

  const saysNothing = site === null && source === null
  if (saysNothing && !rule.usesCookie) return
  throw new AuthError('ORIGIN_REFUSED', { detail: `site ${site}, origin ${source}` })
}

function originOf(url: string | null): string | null {
  if (url === null) return null
  return URL.canParse(url) ? new URL(url).origin : 'null'
}
