import type { Fetch } from './remote-key-set-download.ts'

/** What happens to a key set, for logs and metrics. */
export type RemoteKeySetEvent =
  /**
   * The issuer has answered. `changed`: with another set than before. `keys`: how many of it are
   * used. `ignored`: a sentence for each key that breaks the key policy, or is of another use.
   */
  | {
      readonly type: 'refreshed'
      readonly changed: boolean
      readonly keys: number
      readonly ignored: readonly string[]
    }
  /** No set could be had, or it was no good; a set from before stays in use. */
  | { readonly type: 'refresh_failed'; readonly error: unknown }

/** Where an issuer publishes its keys, and how long an answer is good. */
export interface RemoteKeySetOptions {
  /** The issuer's JWKS. `https:`, or `http:` on localhost, 127.0.0.1 or [::1]. */
  readonly uri: string
  /**
   * How long a set is fresh when the issuer's `Cache-Control` has no `max-age`, in seconds,
   * 60 to 3600. A `max-age` outside of that is moved into it. Default `300`.
   */
  readonly cacheSeconds?: number
  /**
   * How long the last good set is used after its freshness while no newer one can be had, in
   * seconds, 0 to 604800. After that, searches fail until the issuer answers. Default `86400`.
   */
  readonly staleIfErrorSeconds?: number
  /** Another `fetch`, for a proxy or a private CA. It must honour `signal` and `redirect`. */
  readonly fetch?: Fetch
  /** Milliseconds that only ever go forward. Default: the process's own. */
  readonly clock?: () => number
  /** Told of every refresh. What it throws is ignored. */
  readonly onEvent?: (event: RemoteKeySetEvent) => void
}

/** Options that have been checked, with nothing left open. */
export type RemoteKeySetSettings = Required<RemoteKeySetOptions>

/** Range of the time a set counts as fresh, in seconds. */
export const cacheSecondsRange = { min: 60, max: 3600 } as const

const staleIfErrorSecondsRange = { min: 0, max: 604_800 } as const

const names: ReadonlySet<string> = new Set<keyof RemoteKeySetOptions>([
  'uri',
  'cacheSeconds',
  'staleIfErrorSeconds',
  'fetch',
  'clock',
  'onEvent',
])

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {TypeError} Names every option that is wrong, missing or unknown.
 */
export function checkRemoteKeySetOptions(options: RemoteKeySetOptions): RemoteKeySetSettings {
  const settings: RemoteKeySetSettings = {
    uri: options.uri,
    cacheSeconds: options.cacheSeconds ?? 300,
    staleIfErrorSeconds: options.staleIfErrorSeconds ?? 86_400,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    // oxlint-disable-next-line no-restricted-properties -- the default of the clock that is passed in
    clock: options.clock ?? (() => performance.now()),
    onEvent: options.onEvent ?? (() => {}),
  }
  const problems = [
    ...Object.keys(options).flatMap((name) => (names.has(name) ? [] : `${name} is no option`)),
    ...uriProblem(settings.uri),
    ...rangeProblem('cacheSeconds', settings.cacheSeconds, cacheSecondsRange),
    ...rangeProblem('staleIfErrorSeconds', settings.staleIfErrorSeconds, staleIfErrorSecondsRange),
    ...functionProblem('fetch', settings.fetch),
    ...functionProblem('clock', settings.clock),
    ...functionProblem('onEvent', settings.onEvent),
  ]
  if (problems.length > 0) throw new TypeError(`remoteKeySet: ${problems.join('; ')}.`)
  return settings
}

// Compared whole, after parsing: `localhost.example.com` is not this machine.
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

function uriProblem(uri: unknown): string[] {
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : null
  if (!url) return ['uri must be an absolute URL']
  if (url.username !== '' || url.password !== '') return ['uri must not hold credentials']
  const isSafe = url.protocol === 'https:' || isLoopback(url)
  return isSafe ? [] : ['uri must be https, or http on a loopback host']
}

function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && loopbackHosts.has(url.hostname)
}

function rangeProblem(
  name: string,
  value: unknown,
  { min, max }: { readonly min: number; readonly max: number },
): string[] {
  const fits = Number.isInteger(value) && Number(value) >= min && Number(value) <= max
  return fits ? [] : [`${name} must be a whole number from ${min} to ${max}`]
}

function functionProblem(name: string, value: unknown): string[] {
  return typeof value === 'function' ? [] : [`${name} must be a function`]
}
