import { setTimeout as sleep } from 'node:timers/promises'
import { parseFeedAnswer, parseIntrospection, parseSnapshotPage } from './feed-answer.ts'
import { checkFeedOptions, type FeedSettings, type RevocationFeedOptions } from './feed-options.ts'
import { IntrospectionCache } from './introspection-cache.ts'
import { LedgerCopy } from './ledger-copy.ts'
import type { RevocationSource } from './revocation-source.ts'
import { randomWords } from './system.ts'
import { createTransport, type HubAnswer, type Transport } from './transport.ts'

/**
 * Follows the authority's ledger of revocations and keeps a copy of it, a few hundredths of a
 * second old. Begins at once; does not keep the process alive.
 *
 * When a hub fails, the next one is asked; when all do, again and again, and meanwhile the copy
 * grows older: what happens then is each route's choice (`RevocationPolicy`).
 *
 * @throws {TypeError} Names every option that is wrong, missing or unknown.
 */
export function revocationFeed(options: RevocationFeedOptions): RevocationSource {
  const settings = checkFeedOptions(options)
  const copy = new LedgerCopy(settings.clock)
  const transport = createTransport()
  const follower = new Follower({ settings, copy, transport })
  const { monotonic } = settings.clock
  const cache = new IntrospectionCache((token) => follower.introspect(token), monotonic)
  const ageing = setInterval(() => copy.noticeAge(), 250)
  ageing.unref()
  void follower.run()
  return {
    isRevoked: (token, kid) => copy.isRevoked(token, kid),
    ageMs: () => copy.ageMs(),
    get isReady() {
      return copy.isReady
    },
    ready: () => keepAliveUntil(copy.ready()),
    introspect: (token) => cache.isActive(token),
    countStale: () => void copy.counts.acceptedStale++,
    countRefusal: (reason) => void copy.refusals[reason]++,
    on: (name, listener) => copy.on(name, listener),
    status: () => copy.status(),
    close() {
      clearInterval(ageing)
      follower.stop()
      transport.close()
    },
  }
}

/** Whoever waits does not want the process to end meanwhile. */
function keepAliveUntil(done: Promise<void>): Promise<void> {
  const nothing = setInterval(() => {}, 60_000)
  return done.finally(() => clearInterval(nothing))
}

interface FollowerParts {
  readonly settings: FeedSettings
  readonly copy: LedgerCopy
  readonly transport: Transport
}

/** How much longer than its hold a poll may take before another hub is asked. */
const patienceMs = 700
const snapshotTimeoutMs = 10_000
const introspectTimeoutMs = 1000
const maxFeedBytes = 2 * 1024 * 1024
const maxPageBytes = 8 * 1024 * 1024
/** Clocks of two machines run at rates that differ a little. */
const heldToleranceMs = 20
const firstPauseMs = 50
const longestPauseMs = 250

/** Polls one hub after the other. */
class Follower {
  readonly #settings: FeedSettings
  readonly #copy: LedgerCopy
  readonly #transport: Transport
  readonly #abort = new AbortController()
  #hub = 0
  #polls = 0
  /** Of the newest answer; `null`: a snapshot is needed. */
  #position: { readonly feed: string; readonly cursor: string } | null = null

  constructor({ settings, copy, transport }: FollowerParts) {
    this.#settings = settings
    this.#copy = copy
    this.#transport = transport
  }

  async run(): Promise<void> {
    for (let failures = 0; !this.#abort.signal.aborted; ) {
      try {
        await this.#step()
        failures = 0
      } catch (error) {
        if (this.#abort.signal.aborted) return
        this.#copy.problem(error instanceof Error ? error : new Error(String(error)))
        this.#hub = (this.#hub + 1) % this.#settings.hubs.length
        failures++
        await this.#pause(failures)
      }
    }
  }

  stop(): void {
    this.#abort.abort()
  }

  /** @throws {Error} No hub gives a clear answer. */
  async introspect(token: string): Promise<boolean> {
    this.#copy.counts.introspections++
    const { hubs } = this.#settings
    let last: unknown
    for (let tries = 0; tries < hubs.length; tries++) {
      try {
        return await this.#introspectAt(hubs[(this.#hub + tries) % hubs.length] as URL, token)
      } catch (error) {
        last = error
      }
    }
    throw new Error('no hub can be asked', { cause: last })
  }

  async #introspectAt(hub: URL, token: string): Promise<boolean> {
    const { status, text } = await this.#transport.send({
      url: new URL('introspect', hub),
      headers: { authorization: this.#settings.authorization },
      form: new URLSearchParams({ token, token_type_hint: 'access_token' }),
      timeoutMs: introspectTimeoutMs,
      maxBytes: 65_536,
    })
    if (status !== 200) throw new Error(`introspection answered ${status}`)
    return parseIntrospection(text)
  }

  async #step(): Promise<void> {
    if (this.#position === null) await this.#readSnapshot()
    else await this.#poll(this.#position)
  }

  async #poll(position: { feed: string; cursor: string }): Promise<void> {
    const { clock, holdMs, verifierId } = this.#settings
    const nonce = `${verifierId}.${++this.#polls}`
    const query = { cursor: position.cursor, hold: String(holdMs), verifier: verifierId, nonce }
    const sentAt = clock.monotonic()
    const { status, text } = await this.#get('revocations/feed', query, {
      timeoutMs: holdMs + patienceMs,
      maxBytes: maxFeedBytes,
    })
    if (status === 410) {
      this.#position = null
      return
    }
    if (status !== 200) throw new Error(`the feed answered ${status}`)
    const answer = parseFeedAnswer(text)
    if (answer.nonce !== nonce) throw new Error('an answer to another poll')
    // A hub that says it held the poll for longer than it was under way would make the copy young.
    if (answer.heldMs > clock.monotonic() - sentAt + heldToleranceMs) {
      throw new Error('a poll held for longer than it took')
    }
    if (answer.feed !== position.feed) {
      this.#position = null
      return
    }
    this.#copy.merge(answer.entries)
    this.#copy.counts.unknownEntries += answer.unknownEntries
    this.#position = { feed: answer.feed, cursor: answer.cursor }
    this.#copy.confirm(sentAt + answer.heldMs - answer.ageMs)
  }

  /**
   * Merges every page; what is known already stays. Says nothing of freshness: the poll that
   * follows does.
   */
  async #readSnapshot(): Promise<void> {
    let page: string | null = null
    do {
      const query: Record<string, string> = page === null ? {} : { page }
      const { status, text } = await this.#get('revocations/snapshot', query, {
        timeoutMs: snapshotTimeoutMs,
        maxBytes: maxPageBytes,
      })
      if (status !== 200) throw new Error(`the snapshot answered ${status}`)
      const { feed, cursor, entries, next, unknownEntries } = parseSnapshotPage(text)
      this.#copy.merge(entries)
      this.#copy.counts.unknownEntries += unknownEntries
      page = next
      if (next === null) {
        this.#position = { feed, cursor }
        this.#copy.resync(feed)
      }
    } while (page !== null)
  }

  #get(
    path: string,
    query: Readonly<Record<string, string>>,
    limits: { readonly timeoutMs: number; readonly maxBytes: number },
  ): Promise<HubAnswer> {
    const url = new URL(path, this.#settings.hubs[this.#hub])
    url.search = new URLSearchParams(query).toString()
    const { authorization } = this.#settings
    return this.#transport.send({ url, headers: { authorization }, ...limits })
  }

  /** Not all verifiers at once: half of it is drawn. A second hub is asked without delay. */
  async #pause(failures: number): Promise<void> {
    const round = Math.floor(failures / this.#settings.hubs.length)
    if (round === 0) return
    const longest = Math.min(firstPauseMs * 2 ** Math.min(round - 1, 10), longestPauseMs)
    const pause = longest * (0.5 + drawn() / 2)
    await sleep(pause, undefined, { ref: false, signal: this.#abort.signal }).catch(() => {})
  }
}

function drawn(): number {
  const [word = 0] = randomWords(1)
  return word / 0x1_00_00_00_00
}
