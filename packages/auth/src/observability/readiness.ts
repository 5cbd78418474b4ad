import type { Logger } from '../ports/logger.ts'

/** Why an authority cannot do its work. Stable: operators and their tools go by them. */
export type Unreadiness = 'store_unreachable' | 'schema_not_current' | 'no_signing_key'

/** Tells the log when an authority becomes ready and when it no longer is, not at every probe. */
export class ReadinessWatch {
  readonly #log: Logger
  #reason: Unreadiness | null = null

  constructor(log: Logger) {
    this.#log = log
  }

  /** @param detail What really happened; for the log only. */
  note(reason: Unreadiness | null, detail?: string): void {
    if (reason === this.#reason) return
    this.#reason = reason
    if (reason === null) this.#log.warn({ event: 'readiness.regained' }, 'ready again')
    else this.#log.warn({ event: 'readiness.lost', reason, detail }, 'not ready')
  }
}
