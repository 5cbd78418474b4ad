import { RevocationEmitter, type RevocationEvent, type RevocationEvents } from './emitter.ts'
import { Freshness, type FreshnessClock } from './freshness.ts'
import { freshMs } from './policy.ts'
import type { RevocableToken } from './revocable-token.ts'
import type { Revocation } from './revocation.ts'
import type { RefusalReason, RevocationStatus } from './revocation-source.ts'
import { RevocationTable } from './revocation-table.ts'
import { randomWords, systemFreshnessClock } from './system.ts'

/**
 * How long an entry is kept by the authority: no token lives longer, whatever its clock did.
 * Were it less than the authority's `revocationSeconds`, the ledger's time would run ahead.
 *
 * @exportedForTest
 */
export const keptSeconds = 10_860

/** A copy of the ledger of revocations, and what is known of its age. */
export class LedgerCopy {
  readonly #clock: FreshnessClock
  readonly #table: RevocationTable = new RevocationTable(randomWords(3))
  readonly #freshness: Freshness
  readonly #emitter = new RevocationEmitter()
  #resolveReady: () => void = () => {}
  readonly #ready = new Promise<void>((resolve) => {
    this.#resolveReady = resolve
  })
  #isReady = false
  #isStale = true
  /**
   * What the newest entry says the time was, at the earliest. An entry counts as expired only when
   * this and the own clock say so: a clock that is set ahead, and back again, must revive nothing.
   */
  #ledgerTime = 0
  readonly counts = {
    unknownEntries: 0,
    resyncs: 0,
    acceptedStale: 0,
    introspections: 0,
    problems: 0,
  }
  readonly refusals: Record<RefusalReason, number> = {
    revoked: 0,
    inactive: 0,
    stale: 0,
    notReady: 0,
  }

  constructor(clock: FreshnessClock = systemFreshnessClock) {
    this.#clock = clock
    this.#freshness = new Freshness(clock)
  }

  /** Adds entries. They may be known, late, or out of order. */
  merge(entries: readonly Revocation[]): void {
    for (const { expiresAt } of entries) {
      this.#ledgerTime = Math.max(this.#ledgerTime, expiresAt - keptSeconds)
    }
    const now = Math.min(Math.floor(this.#clock.wall() / 1000), this.#ledgerTime)
    for (const entry of entries) this.#table.add(entry, now)
    for (const entry of entries) this.#emitter.emit('revoked', entry)
  }

  /** Says that everything committed before `asOf` has been merged; monotonic milliseconds. */
  confirm(asOf: number): void {
    this.#freshness.confirm(asOf)
    if (!this.#isReady) {
      this.#isReady = true
      this.#resolveReady()
    }
    this.noticeAge()
  }

  /** Tells listeners when the copy has become stale, or fresh again. To be called now and then. */
  noticeAge(): void {
    const ageMs = this.ageMs()
    const isStale = ageMs > freshMs
    if (isStale === this.#isStale) return
    this.#isStale = isStale
    if (isStale) this.#emitter.emit('stale', { ageMs })
    else this.#emitter.emit('fresh', {})
  }

  isRevoked(token: RevocableToken, kid: string | undefined): boolean {
    return this.#table.isRevoked(token, kid)
  }

  ageMs(): number {
    return this.#freshness.age()
  }

  get isReady(): boolean {
    return this.#isReady
  }

  ready(): Promise<void> {
    return this.#ready
  }

  on<Name extends RevocationEvent>(
    name: Name,
    listener: (event: RevocationEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener)
  }

  problem(error: Error): void {
    this.counts.problems++
    this.#emitter.emit('problem', { error })
  }

  resync(feed: string): void {
    this.counts.resyncs++
    this.#emitter.emit('resync', { feed })
  }

  status(): RevocationStatus {
    const { isReady, counts, refusals } = this
    const entries = this.#table.size
    return { isReady, ageMs: this.ageMs(), entries, ...counts, refusals: { ...refusals } }
  }
}
