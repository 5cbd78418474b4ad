import { secondsPerDay } from '../base/time.ts'
import { cookieShape, readCookie, serializeCookie } from '../http/cookies.ts'
import { issueDevice, knownDeviceId } from '../sessions/device.ts'
import { agentDevice, type SigningClient, type SigningDevice } from '../sessions/sign-in.ts'
import type { Deps } from './deps.ts'
import type { Transport } from './token-answer.ts'

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

/**
 * The device somebody signs in from: a browser by its cookie, which it gets now if it has none; a
 * program by its agent and network.
 */
export function signingDevice(
  deps: Pick<Deps, 'settings' | 'random' | 'secrets'>,
  input: {
    readonly headers: Headers
    readonly userId: string
    readonly client: Pick<SigningClient, 'userAgent' | 'network'>
    readonly transport: Transport
  },
): { device: SigningDevice; cookies: string[] } {
  const { headers, userId, client, transport } = input
  const presented = presentedDeviceId(deps, { headers, userId })
  if (presented !== null) {
    return { device: { key: `cookie:${presented}`, isProven: true }, cookies: [] }
  }
  if (transport === 'body') return { device: agentDevice(deps.secrets, client), cookies: [] }
  const value = issueDevice(deps, { userId })
  const key = `cookie:${knownDeviceId(deps.secrets, { value, userId })}`
  return { device: { key, isProven: false }, cookies: [deviceCookie(deps, value)] }
}

/** The `Set-Cookie` by which a browser is known as one this user has signed in from. */
function deviceCookie(deps: Pick<Deps, 'settings'>, value: string): string {
  const shape = cookieShape('device', deps.settings.https)
  return serializeCookie(shape, value, deviceCookieSeconds)
}
