import { AuthError } from '../base/errors.ts'
import { type CookieShape, cookieShape, readCookie, serializeCookie } from '../http/cookies.ts'
import type { Settings } from './deps.ts'

/** The cookie that carries the refresh token. */
export function refreshCookie(settings: Pick<Settings, 'https'>): CookieShape {
  return cookieShape('refresh_token', settings.https)
}

/** The `Set-Cookie` that takes the refresh token away. */
export function clearedRefreshCookie(settings: Pick<Settings, 'https'>): string {
  return serializeCookie(refreshCookie(settings), '', 0)
}

/** A refresh token and how it came: an answer goes the same way. */
export interface PresentedToken {
  readonly token: string
  readonly transport: 'cookie' | 'body'
}

/**
 * Finds the refresh token of a request: in the body, else in the cookie.
 *
 * @returns `null` when there is none.
 * @throws {AuthError} `REFRESH_TOKEN_INVALID` when there are two cookies: one shadows the other.
 */
export function presentedRefreshToken(
  settings: Pick<Settings, 'https'>,
  input: { readonly headers: Headers; readonly bodyToken: string | undefined },
): PresentedToken | null {
  if (input.bodyToken !== undefined) return { token: input.bodyToken, transport: 'body' }
  const values = readCookie(input.headers, refreshCookie(settings).name)
  if (values.length > 1) {
    throw new AuthError('REFRESH_TOKEN_INVALID', { detail: 'two refresh cookies' })
  }
  const [token] = values
  return token === undefined || token === '' ? null : { token, transport: 'cookie' }
}
