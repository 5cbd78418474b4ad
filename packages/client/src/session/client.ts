import { isTokenAnswer, readAnswer, toError } from '../api/answers.ts'
import type { TokenAnswer, User } from '../api/api-types.ts'
import { ClientError, unreachable } from '../api/client-error.ts'
import { newKey, nowMs, spread } from './chance.ts'
import { type SessionState, SessionStore, type SessionView } from './session-state.ts'
import { type KeptToken, parseKept, type TokenStorage } from './storage.ts'
import { openTabs, type TabMessage, type Tabs } from './tabs.ts'

export interface ClientOptions {
  /** Where the authority's endpoints are: `https://auth.example.com/api/auth`. */
  readonly baseUrl: string
  /**
   * Where the refresh token is kept. Without, the browser keeps it in a cookie that no script can
   * read; that needs a page of the same site.
   */
  readonly storage?: TokenStorage
  /**
   * Origins besides the authority's and the page's own whose calls get the access token.
   * Others are refused: a token sent to a stranger is a token lost.
   */
  readonly apiOrigins?: readonly string[]
  /** Default: the global one. */
  readonly fetch?: typeof fetch
}

export interface Credentials {
  readonly email?: string
  readonly username?: string
  readonly identifier?: string
  readonly password: string
}

export interface Registration {
  readonly email: string
  readonly password: string
  readonly name?: string
  readonly username?: string
}

/** What the global `fetch` takes. */
export type RequestInput = string | URL | Request

export interface Client {
  readonly session: SessionView
  /**
   * Finds out whether somebody is signed in, after a start or a reload. Resolves to `unknown` when
   * nobody can be reached; it goes on trying.
   */
  restore(): Promise<SessionState>
  /** @returns The user; `null` when the address must be confirmed first. @throws {ClientError} */
  register(registration: Registration): Promise<User | null>
  /** @throws {ClientError} `INVALID_CREDENTIALS`, `EMAIL_NOT_VERIFIED`, `RATE_LIMITED` … */
  login(credentials: Credentials): Promise<User>
  /** Signs out, in all tabs. @throws {ClientError} The authority was not reached: still signed in. */
  logout(): Promise<void>
  /**
   * As the global `fetch`, with the access token. Renews it before it expires and, when it is
   * refused all the same, once more and repeats the request, if its body can be sent twice.
   *
   * @throws {ClientError} `NOT_SIGNED_IN`, `ORIGIN_NOT_LISTED`, `UNREACHABLE` (of the renewal).
   *   What the global `fetch` throws for the request itself it throws.
   */
  fetch(input: RequestInput, init?: RequestInit): Promise<Response>
  /** Stops renewing and listening. */
  close(): void
}

/** Renewed when this share of its life is over; the rest is for networks that are away. */
const renewAfterShare = 0.75
const jitterShare = 0.1
const firstPauseMs = 1000
const longestPauseMs = 60_000
const timeoutMs = 15_000

/** A refresh that gets one of these will never succeed again (RFC 6749 §5.2 in our words). */
const endings: ReadonlySet<string> = new Set([
  'REFRESH_TOKEN_MISSING',
  'REFRESH_TOKEN_INVALID',
  'REFRESH_TOKEN_EXPIRED',
  'REFRESH_TOKEN_REUSED',
  'REFRESH_PROOF_INVALID',
  'SESSION_REVOKED',
])

interface Held {
  readonly accessToken: string
  readonly sessionId: string
  /** By `nowMs()`. */
  readonly expiresAtMs: number
  readonly lifeMs: number
}

/** Keeps people signed in: the access token in memory, renewed before it expires. */
export function createClient(options: ClientOptions): Client {
  return new KeepingClient(options)
}

class KeepingClient implements Client {
  readonly session: SessionStore = new SessionStore()
  readonly #baseUrl: string
  readonly #storage: TokenStorage | null
  readonly #origins: ReadonlySet<string>
  readonly #fetch: typeof fetch
  readonly #tabs: Tabs
  #held: Held | null = null
  #renewing: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #isClosed = false

  constructor({ baseUrl, storage, apiOrigins = [], fetch: ownFetch }: ClientOptions) {
    const base = new URL(baseUrl)
    this.#baseUrl = base.href.replace(/\/$/, '')
    this.#storage = storage ?? null
    this.#origins = new Set([base.origin, ...pageOrigin(), ...apiOrigins])
    this.#fetch = ownFetch ?? ((input, init) => globalThis.fetch(input, init))
    this.#tabs = openTabs(`countersign ${this.#baseUrl}`, (message) => this.#hear(message))
  }

  async restore(): Promise<SessionState> {
    if (!this.#held) await this.#renew().catch(() => {})
    return this.session.current
  }

  async register(registration: Registration): Promise<User | null> {
    const answer = await this.#post('/register', { ...registration, transport: this.#transport() })
    return isTokenAnswer(answer) ? this.#begin(answer) : null
  }

  async login(credentials: Credentials): Promise<User> {
    const answer = await this.#post('/login', { ...credentials, transport: this.#transport() })
    if (!isTokenAnswer(answer)) throw unreachable()
    return this.#begin(answer)
  }

  async logout(): Promise<void> {
    const kept = await this.#kept()
    await this.#post('/logout', kept ? { refreshToken: kept.refreshToken } : {})
    await this.#end()
    this.#tabs.tell({ type: 'signedOut' })
  }

  async fetch(input: RequestInput, init?: RequestInit): Promise<Response> {
    this.#requireListed(input)
    const accessToken = await this.#usableToken()
    const repeat = toRepeat(input, init)
    const response = await this.#fetch(input, withToken(input, init, accessToken))
    if (!isTokenRefused(response) || repeat === null) return response
    // Somebody may have renewed it meanwhile.
    if (this.#held?.accessToken === accessToken) await this.#renew()
    return this.#fetch(repeat, withToken(repeat, init, await this.#usableToken()))
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#tabs.close()
  }

  #transport(): 'cookie' | 'body' {
    return this.#storage ? 'body' : 'cookie'
  }

  async #usableToken(): Promise<string> {
    if (!this.#held || nowMs() >= this.#held.expiresAtMs) {
      if (this.session.current.status !== 'signedOut') await this.#renew()
    }
    if (!this.#held) throw new ClientError('NOT_SIGNED_IN', 'Nobody is signed in.')
    return this.#held.accessToken
  }

  /** One at a time, in this tab and if possible in all of them. @throws {ClientError} */
  #renew(): Promise<void> {
    this.#renewing ??= this.#tabs
      .alone(() => this.#renewOnce(this.#held))
      .finally(() => {
        this.#renewing = null
      })
    return this.#renewing
  }

  async #renewOnce(before: Held | null): Promise<void> {
    // Another tab has done it while this one waited for its turn.
    if (this.#held !== before && this.#held) return
    try {
      const { answer, kept } = await this.#refresh()
      await this.#keep(answer, kept?.key)
      this.#hold(answer, null)
    } catch (error) {
      await this.#judge(error)
      throw error
    }
  }

  async #refresh(): Promise<{ answer: TokenAnswer; kept: KeptToken | null }> {
    for (let attempt = 1; ; attempt++) {
      const kept = await this.#kept()
      if (this.#storage && !kept) {
        throw new ClientError('REFRESH_TOKEN_MISSING', 'Nobody is signed in.', { status: 401 })
      }
      try {
        const answer = await this.#post(
          '/refresh',
          kept ? { refreshToken: kept.refreshToken } : {},
          kept ? { 'idempotency-key': kept.key } : {},
        )
        if (!isTokenAnswer(answer)) throw unreachable()
        return { answer, kept }
      } catch (error) {
        // Another tab or process has a newer token by now: it is in the cookie or the storage.
        const isSuperseded = error instanceof ClientError && error.code === 'REFRESH_SUPERSEDED'
        if (!isSuperseded || attempt === 3) throw error
        await pause(100 * attempt)
      }
    }
  }

  /** Only a definite no of the authority signs out. Everything else passes. */
  async #judge(error: unknown): Promise<void> {
    const { code, status } = error as Partial<ClientError>
    if (error instanceof ClientError && status === 401 && endings.has(code ?? '')) {
      await this.#end()
      this.#tabs.tell({ type: 'signedOut' })
      return
    }
    this.#failures += 1
    const longest = Math.min(firstPauseMs * 2 ** (this.#failures - 1), longestPauseMs)
    this.#renewIn(longest * (0.5 + spread() / 2))
  }

  async #begin(answer: TokenAnswer): Promise<User> {
    await this.#keep(answer, undefined)
    const user = answer.user ?? null
    if (!user) throw unreachable()
    this.#hold(answer, user)
    return user
  }

  #hold({ accessToken, expiresIn, sessionId }: TokenAnswer, user: User | null): void {
    this.#failures = 0
    this.#take({ accessToken, sessionId, secondsLeft: expiresIn }, user)
    this.#tabs.tell({ type: 'renewed', accessToken, sessionId, secondsLeft: expiresIn })
  }

  #take(
    token: { accessToken: string; sessionId: string; secondsLeft: number },
    user: User | null,
  ): void {
    const { accessToken, sessionId, secondsLeft } = token
    const lifeMs = secondsLeft * 1000
    this.#held = { accessToken, sessionId, lifeMs, expiresAtMs: nowMs() + lifeMs }
    const before = this.session.current
    const known =
      before.status === 'signedIn' && before.sessionId === sessionId ? before.user : null
    this.session.set({ status: 'signedIn', sessionId, user: user ?? known })
    this.#renewIn(lifeMs * (renewAfterShare - spread() * jitterShare))
  }

  async #end(): Promise<void> {
    this.#held = null
    clearTimeout(this.#timer)
    this.session.set({ status: 'signedOut' })
    await this.#storage?.delete().catch(() => {})
  }

  #hear(message: TabMessage): void {
    if (this.#isClosed) return
    if (message.type === 'renewed') this.#take(message, null)
    else void this.#end()
  }

  #renewIn(ms: number): void {
    clearTimeout(this.#timer)
    if (this.#isClosed) return
    this.#timer = setTimeout(() => void this.#renew().catch(() => {}), ms)
    // Of Node: it must not keep a program alive.
    ;(this.#timer as { unref?: () => void }).unref?.()
  }

  async #kept(): Promise<KeptToken | null> {
    if (!this.#storage) return null
    try {
      return parseKept(await this.#storage.get())
    } catch (cause) {
      throw storageFailed(cause)
    }
  }

  /** Before it is used: a token that is used and not kept is lost. */
  async #keep({ refreshToken }: TokenAnswer, key: string | undefined): Promise<void> {
    if (!this.#storage || refreshToken === undefined) return
    const kept: KeptToken = { refreshToken, key: key ?? newKey() }
    try {
      await this.#storage.set(JSON.stringify(kept))
    } catch (cause) {
      throw storageFailed(cause)
    }
  }

  async #post(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    const response = await this.#fetch(`${this.#baseUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      credentials: this.#storage ? 'omit' : 'include',
      // The authority answers itself. Who redirects is somebody in between.
      redirect: 'error',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((cause: unknown) => {
      throw unreachable(cause)
    })
    const answer = await readAnswer(response)
    if (!response.ok) throw toError(answer, response)
    return answer.body
  }

  #requireListed(input: RequestInput): void {
    const url = input instanceof Request ? input.url : String(input)
    const { origin } = new URL(url, pageLocation()?.href ?? this.#baseUrl)
    if (this.#origins.has(origin)) return
    const message = `The access token is not sent to ${origin}. List it in apiOrigins if it is yours.`
    throw new ClientError('ORIGIN_NOT_LISTED', message)
  }
}

/** Of a browser's page; nothing elsewhere. */
function pageLocation(): { readonly href: string; readonly origin: string } | undefined {
  return (globalThis as { location?: { href: string; origin: string } }).location
}

function pageOrigin(): string[] {
  const { origin } = pageLocation() ?? {}
  return origin === undefined || origin === 'null' ? [] : [origin]
}

function withToken(
  input: RequestInput,
  init: RequestInit | undefined,
  accessToken: string,
): RequestInit {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}))
  headers.set('authorization', `Bearer ${accessToken}`)
  return { ...init, headers }
}

/** What to send if the request must be sent once more; `null`: a stream can be read once. */
function toRepeat(input: RequestInput, init: RequestInit | undefined): RequestInput | null {
  if (init?.body instanceof ReadableStream) return null
  if (!(input instanceof Request)) return input
  return input.bodyUsed ? null : input.clone()
}

/** RFC 6750 §3.1. Other services say no in other ways, and mean it. */
function isTokenRefused(response: Response): boolean {
  if (response.status !== 401) return false
  return (response.headers.get('www-authenticate') ?? '').includes('invalid_token')
}

function storageFailed(cause: unknown): ClientError {
  return new ClientError('STORAGE_FAILED', 'The session could not be kept or read.', { cause })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
