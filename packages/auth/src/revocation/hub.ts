import { type LocalRevocations, localRevocations } from '@countersign/verify'
import { AuthError } from '../base/errors.ts'
import type { Revocation, RevocationStore, VerifierProgress } from '../model/revocation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import { RecentParts } from './recent-parts.ts'
import { fromWireCursor, toWireCursor } from './wire.ts'

/** Entries in one answer, at most; who is further behind reads the snapshot. */
const maxPart = 5000
const pageSize = 10_000
/** A doorbell only shortens this wait. */
const readEveryMs = 50
/** How old what the hub knows may be before it says that it does not know. */
const maxAgeMs = 1000
/** How often verifiers that have nothing new are noted as alive. */
const heartbeatSeconds = 5

/** An answer to a poll, in its own terms. */
export interface HubAnswer {
  readonly feed: string
  readonly cursor: string
  readonly heldMs: number
  readonly ageMs: number
  readonly entries: readonly Revocation[]
}

/** A page of everything that is unexpired. */
export interface HubPage {
  readonly feed: string
  readonly cursor: string
  readonly entries: readonly Revocation[]
  readonly next: string | null
}

interface HubDeps {
  readonly revocations: RevocationStore
  readonly clock: Clock
  readonly log: Logger
  readonly feedId: string
  /** Milliseconds that only go forward, also where the clock of a test stands still. */
  readonly monotonicMs: () => number
}

/**
 * Reads the ledger for everybody: verifiers elsewhere, who poll, and those of this process.
 *
 * One reader asks the store every 50 ms, sooner when this process has written. Whatever is
 * answered rests on a read of the store, and says how long ago that was.
 */
export class RevocationHub {
  readonly #deps: HubDeps
  readonly #recent = new RecentParts()
  readonly #waiting = new Set<() => void>()
  readonly #progress = new Map<string, VerifierProgress>()
  readonly #unnoted = new Map<string, VerifierProgress>()
  readonly #local: LocalRevocations = localRevocations()
  #cursor: string | null = null
  #readAt = Number.NEGATIVE_INFINITY
  #running: Promise<void> = Promise.resolve()
  #queued: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #isStopped = false
  #mayHold = true
  #isFailing = false
  #unlisten: (() => void) | undefined

  constructor(deps: HubDeps) {
    this.#deps = deps
  }

  /** For verifiers of this process. */
  get local(): LocalRevocations {
    return this.#local
  }

  /** How many polls are held. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Begins to read. Does not keep the process alive. */
  start(): void {
    this.#unlisten = this.#deps.revocations.onWritten((entries) => {
      // Known here at once; everybody else hears of it by way of the store.
      this.#local.merge(entries)
      void this.#read()
    })
    void this.#loop()
  }

  /** Answers everybody who waits, and lets nobody wait from now on. Goes on reading. */
  releasePolls(): void {
    this.#mayHold = false
    this.#wake()
  }

  /** Lets go of everybody who waits, and reads no more. */
  stop(): void {
    this.#isStopped = true
    this.#unlisten?.()
    clearTimeout(this.#timer)
    this.#wake()
  }

  /** Resolves when the ledger has been read once. */
  ready(): Promise<void> {
    return this.#local.ready()
  }

  /**
   * Answers a verifier: at once when there is something after its cursor, else when something
   * comes or the hold is over.
   *
   * @returns `null` when the cursor leads nowhere: it must read the snapshot.
   * @throws {AuthError} `UNAVAILABLE` when the store cannot be read.
   */
  async poll(input: {
    readonly cursor: string
    readonly holdMs: number
    readonly verifierId: string | null
  }): Promise<HubAnswer | null> {
    const { feedId, monotonicMs } = this.#deps
    const startedMs = monotonicMs()
    const cursor = fromWireCursor(feedId, input.cursor)
    if (cursor === null) return null
    if (input.verifierId !== null) this.#note(input.verifierId, cursor)
    const place = await this.#meet(cursor)
    if (place === this.#cursor) await this.#wait(input.holdMs)

    const part = await this.#partAfter(place)
    if (!part) return null
    const now = monotonicMs()
    const ageMs = now - part.readAt
    if (ageMs > maxAgeMs) throw unavailable()
    return {
      feed: feedId,
      cursor: toWireCursor(feedId, part.cursor),
      heldMs: now - startedMs,
      ageMs,
      entries: part.entries,
    }
  }

  /**
   * A page of the snapshot. The first one takes the place first and reads then: what is written
   * meanwhile comes twice, and nothing is missed.
   *
   * @param page As an earlier page named it; `null` for the first.
   * @returns `null` when the page leads nowhere.
   */
  async page(page: string | null): Promise<HubPage | null> {
    const { revocations, feedId, clock } = this.#deps
    const start = page === null ? { cursor: await revocations.position() } : parsePage(feedId, page)
    if (!start) return null
    const { entries, next } = await revocations.list({
      now: clock.now(),
      limit: pageSize,
      ...('after' in start && { after: start.after }),
    })
    const cursor = toWireCursor(feedId, start.cursor)
    return { feed: feedId, cursor, entries, next: next === null ? null : `${cursor}/${next}` }
  }

  /**
   * This hub's own cursor for a reader who misses nothing there: cursors that differ may say the
   * same, and only of its own this hub knows at once whether something came after.
   */
  async #meet(cursor: string): Promise<string> {
    const own = this.#cursor
    if (own === null || cursor === own || this.#recent.after(cursor)) return cursor
    // Read later than the hub's last time: whoever has all of this has all up to there.
    const part = await this.#deps.revocations.readAfter(cursor, maxPart)
    return part?.entries.length === 0 ? own : cursor
  }

  async #partAfter(
    cursor: string,
  ): Promise<{ cursor: string; entries: readonly Revocation[]; readAt: number } | null> {
    if (cursor === this.#cursor) return { cursor, entries: [], readAt: this.#readAt }
    const recent = this.#cursor === null ? null : this.#recent.after(cursor)
    if (recent && recent.length <= maxPart && this.#cursor !== null) {
      return { cursor: this.#cursor, entries: recent, readAt: this.#readAt }
    }
    const readAt = this.#deps.monotonicMs()
    const part = await this.#deps.revocations.readAfter(cursor, maxPart)
    return part && { ...part, readAt }
  }

  async #loop(): Promise<void> {
    if (this.#isStopped) return
    await this.#read()
    await this.#flush()
    this.#timer = setTimeout(() => void this.#loop(), readEveryMs)
    this.#timer.unref()
  }

  /** One at a time. Whoever asks while one is under way shares the one after it. */
  #read(): Promise<void> {
    this.#queued ??= this.#running.then(() => {
      this.#queued = null
      this.#running = this.#readOnce()
      return this.#running
    })
    return this.#queued
  }

  async #readOnce(): Promise<void> {
    if (this.#isStopped) return
    try {
      const readAt = this.#deps.monotonicMs()
      const entries = await this.#readNew()
      if (entries.length > 0) {
        this.#local.merge(entries)
        this.#wake()
      }
      this.#readAt = readAt
      this.#local.confirm(readAt)
      if (this.#isFailing) this.#deps.log.warn({}, 'the ledger of revocations can be read again')
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing && !this.#isStopped) {
        this.#deps.log.error({ err: error }, 'the ledger of revocations cannot be read')
      }
      this.#isFailing = true
    }
  }

  async #readNew(): Promise<readonly Revocation[]> {
    const { revocations } = this.#deps
    const from = this.#cursor
    const part = from === null ? null : await revocations.readAfter(from, maxPart)
    if (part && from !== null) {
      if (part.entries.length > 0) this.#recent.add(from, part.entries)
      this.#cursor = part.cursor
      return part.entries
    }
    const cursor = await revocations.position()
    const entries = await this.#readAll()
    this.#recent.clear()
    this.#cursor = cursor
    return entries
  }

  async #readAll(): Promise<readonly Revocation[]> {
    const { revocations, clock } = this.#deps
    const all: Revocation[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page = await revocations.list({
        now: clock.now(),
        limit: pageSize,
        ...(after !== '' && { after }),
      })
      all.push(...page.entries)
      after = page.next
    }
    return all
  }

  #wait(holdMs: number): Promise<void> {
    if (holdMs <= 0 || !this.#mayHold || this.#isStopped) return Promise.resolve()
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer)
        this.#waiting.delete(finish)
        resolve()
      }
      const timer = setTimeout(finish, holdMs)
      timer.unref()
      this.#waiting.add(finish)
    })
  }

  #wake(): void {
    for (const finish of this.#waiting) finish()
  }

  #note(verifierId: string, cursor: string): void {
    const seenAt = this.#deps.clock.now()
    const known = this.#progress.get(verifierId)
    const progress = { verifierId, cursor, seenAt }
    if (known?.cursor === cursor && seenAt - known.seenAt < heartbeatSeconds) return
    this.#progress.set(verifierId, progress)
    this.#unnoted.set(verifierId, progress)
  }

  /** What receipts count by. Lost notes come again with the next heartbeat. */
  async #flush(): Promise<void> {
    if (this.#unnoted.size === 0 || this.#isStopped) return
    const progress = [...this.#unnoted.values()]
    this.#unnoted.clear()
    const oldest = this.#deps.clock.now() - 60
    for (const [id, { seenAt }] of this.#progress) if (seenAt < oldest) this.#progress.delete(id)
    try {
      await this.#deps.revocations.noteProgress(progress)
    } catch (error) {
      this.#deps.log.warn({ detail: String(error) }, 'the progress of verifiers was not noted')
    }
  }
}

// `<feed>~<cursor>/<after>`.
function parsePage(feedId: string, page: string): { cursor: string; after: string } | null {
  const slash = page.lastIndexOf('/')
  const cursor = slash < 0 ? null : fromWireCursor(feedId, page.slice(0, slash))
  const after = page.slice(slash + 1)
  return cursor === null || !/^[\w.:,-]{1,64}$/.test(after) ? null : { cursor, after }
}

function unavailable(): AuthError {
  return new AuthError('UNAVAILABLE', {
    detail: 'the ledger of revocations cannot be read',
    retryAfterSeconds: 1,
  })
}
