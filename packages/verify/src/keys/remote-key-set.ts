import { type ReadJwks, readJwks, selectKey } from './jwks.ts'
import { type KeySource, KeysUnavailableError, type VerificationKey } from './key-source.ts'
import { type Download, download, type KeySetText } from './remote-key-set-download.ts'
import {
  cacheSecondsRange,
  checkRemoteKeySetOptions,
  type RemoteKeySetEvent,
  type RemoteKeySetOptions,
  type RemoteKeySetSettings,
} from './remote-key-set-options.ts'
import {
  type Freshness,
  hasLapsed,
  isFresh,
  type Plan,
  planSearch,
  type RefreshState,
  waitMs,
} from './remote-key-set-plan.ts'

const limits = { timeoutMs: 5_000, maxBytes: 262_144 } as const
const maxKeys = 64

/**
 * The keys an issuer publishes (RFC 7517 §5): cached, refreshed by use, kept on error.
 *
 * A set is used while it is fresh, and up to 60 s longer while a newer one is fetched behind
 * it. After a longer pause the newer one comes first, so a key that the issuer has removed
 * is refused by the first search. When the issuer fails, the last good set stays in use for
 * `staleIfErrorSeconds`. An answer that is broken never replaces a good set.
 *
 * One request is in flight at a time, and one in 10 s at most (1 s while there is no set).
 * Of a token, only a key id that is not in the set can cause one. There are no timers: what
 * nobody uses is not fetched, and no process is kept alive.
 *
 * Does not see the time a suspended machine sleeps when its monotonic clock stops.
 *
 * @throws {TypeError} Names every option that is wrong.
 */
export function remoteKeySet(options: RemoteKeySetOptions): KeySource {
  return new RemoteKeySet(checkRemoteKeySetOptions(options))
}

/** The last good set, as text and as keys. */
interface HeldKeySet extends KeySetText, ReadJwks, Freshness {}

class RemoteKeySet implements KeySource {
  readonly #settings: RemoteKeySetSettings
  #held: HeldKeySet | null = null
  #lastAttempt: { readonly endedAtMs: number; readonly failed: boolean } | null = null
  #inFlight: Promise<void> | null = null
  /** Counts the sets that differed from the one before. */
  #generation = 0
  /** Counts the good answers. */
  #answers = 0

  constructor(settings: RemoteKeySetSettings) {
    this.#settings = settings
  }

  /**
   * Reading it is use: it starts a refresh when one is due, for a verifier that finds every
   * signature in its cache searches no key. It is negative while the set must not be used, and
   * never the same before and after an answer: no signature is remembered across one.
   */
  get version(): number {
    const nowMs = this.#settings.clock()
    if (this.#held && isFresh(this.#held, nowMs)) return this.#generation
    const plan = this.#plan(undefined, nowMs)
    if (plan === 'use_and_refresh') void this.#refresh()
    const isUsable = plan !== 'refresh_first' && !hasLapsed(this.#state(), nowMs)
    return isUsable ? this.#generation : -1 - this.#answers
  }

  find(
    kid: string | undefined,
    algorithm: string,
  ): VerificationKey | null | Promise<VerificationKey | null> {
    const plan = this.#plan(kid, this.#settings.clock())
    if (plan === 'refresh_first') return this.#refresh().then(() => this.#lookUp(kid, algorithm))
    if (plan === 'use_and_refresh') void this.#refresh()
    return this.#lookUp(kid, algorithm)
  }

  #state(): RefreshState {
    return {
      held: this.#held,
      attemptedAtMs: this.#lastAttempt?.endedAtMs ?? null,
      staleIfErrorMs: this.#settings.staleIfErrorSeconds * 1000,
    }
  }

  #plan(kid: string | undefined, nowMs: number): Plan {
    return planSearch(this.#state(), kid === undefined || this.#hasKid(kid), nowMs)
  }

  #hasKid(kid: string): boolean {
    return this.#held?.keys.some((key) => key.kid === kid) ?? false
  }

  #lookUp(kid: string | undefined, algorithm: string): VerificationKey | null {
    const nowMs = this.#settings.clock()
    if (this.#held === null || hasLapsed(this.#state(), nowMs)) throw this.#unavailable(nowMs)
    const key = selectKey(this.#held.keys, kid, algorithm)
    // A key newer than our set cannot be told from one that never was.
    const isUndecided = kid !== undefined && !this.#hasKid(kid) && this.#lastAttempt?.failed
    if (key === null && isUndecided) throw this.#unavailable(nowMs)
    return key
  }

  #unavailable(nowMs: number): KeysUnavailableError {
    return new KeysUnavailableError(Math.max(1, Math.ceil(waitMs(this.#state(), nowMs) / 1000)))
  }

  /** Settles when the one request in flight has ended, well or badly. Never rejects. */
  #refresh(): Promise<void> {
    this.#inFlight ??= this.#attempt().finally(() => {
      this.#inFlight = null
    })
    return this.#inFlight
  }

  async #attempt(): Promise<void> {
    const { uri, fetch, clock } = this.#settings
    const askedAtMs = clock()
    try {
      this.#accept(await download(fetch, uri, this.#held, limits), askedAtMs)
      this.#lastAttempt = { endedAtMs: clock(), failed: false }
    } catch (error) {
      this.#lastAttempt = { endedAtMs: clock(), failed: true }
      this.#tell({ type: 'refresh_failed', error })
    }
  }

  #accept(answer: Download, askedAtMs: number): void {
    const { text, etag } = answer
    const isSame = text === this.#held?.text
    const { keys, ignored } = this.#held && isSame ? this.#held : readKeys(text)
    this.#held = { text, etag, keys, ignored, askedAtMs, maxAgeMs: this.#maxAgeMs(answer) }
    this.#answers += 1
    if (!isSame) this.#generation += 1
    this.#tell({ type: 'refreshed', changed: !isSame, keys: keys.length, ignored })
  }

  #maxAgeMs({ maxAgeSeconds = this.#settings.cacheSeconds }: Download): number {
    const { min, max } = cacheSecondsRange
    return Math.min(Math.max(maxAgeSeconds, min), max) * 1000
  }

  #tell(event: RemoteKeySetEvent): void {
    try {
      this.#settings.onEvent(event)
    } catch {
      // A broken listener must not stop verification.
    }
  }
}

/** @throws {Error} It is no key set, has too many keys, or breaks a rule of `readJwks`. */
function readKeys(text: string): ReadJwks {
  const jwks: unknown = JSON.parse(text)
  if (keyCount(jwks) > maxKeys) throw new Error(`The key set has more than ${maxKeys} keys.`)
  return readJwks(jwks)
}

function keyCount(jwks: unknown): number {
  const isSet = typeof jwks === 'object' && jwks !== null && 'keys' in jwks
  return isSet && Array.isArray(jwks.keys) ? jwks.keys.length : 0
}
