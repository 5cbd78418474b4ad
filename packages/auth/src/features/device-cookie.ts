import { secondsPerDay } from '../base/time.ts'
import { cookieShape, readCookie, serializeCookie } from '../http/cookies.ts'
import { issueDevice } from '../sessions/device.ts'
import type { Deps, Settings } from './deps.ts'

// Browsers keep no cookie longer than 400 days (RFC 6265bis §5.5).
const deviceCookieSeconds = 400 * secondsPerDay

/** The device cookie of a request, unverified; `null` when there is none or more than one. */
export function presentedDevice(
  settings: Pick<Settings, 'https'>,
  headers: Headers,
): string | null {
  const values = readCookie(headers, cookieShape('device', settings.https).name)
  return values.length === 1 ? (values[0] ?? null) : null
}

/** The `Set-Cookie` by which a browser is known as one this user has signed in from. */
export function deviceCookie(
  deps: Pick<Deps, 'settings' | 'random' | 'secrets'>,
  userId: string,
): string {
  const shape = cookieShape('device', deps.settings.https)
  return serializeCookie(shape, issueDevice(deps, { userId }), deviceCookieSeconds)
}
