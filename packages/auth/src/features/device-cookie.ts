import { secondsPerDay } from '../base/time.ts'
import { cookieShape, readCookie, serializeCookie } from '../http/cookies.ts'
import { issueDevice, knownDeviceId } from '../sessions/device.ts'
import type { Deps } from './deps.ts'

// Browsers keep no cookie longer than 400 days (RFC 6265bis §5.5).
const deviceCookieSeconds = 400 * secondsPerDay

/**
 * The id of the device a request comes from, if this user has signed in from it before;
 * `null` when there is no device cookie, more than one, or one that is not theirs.
 */
export function presentedDeviceId(
  deps: Pick<Deps, 'settings' | 'secrets'>,
  input: { readonly headers: Headers; readonly userId: string },
): string | null {
  const { name } = cookieShape('device', deps.settings.https)
  const [value = null, ...others] = readCookie(input.headers, name)
  if (others.length > 0) return null
  return knownDeviceId(deps.secrets, { value, userId: input.userId })
}

/** The `Set-Cookie` by which a browser is known as one this user has signed in from. */
export function deviceCookie(
  deps: Pick<Deps, 'settings' | 'random' | 'secrets'>,
  userId: string,
): string {
  const shape = cookieShape('device', deps.settings.https)
  return serializeCookie(shape, issueDevice(deps, { userId }), deviceCookieSeconds)
}
