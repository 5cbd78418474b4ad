import type { FreshnessClock } from './freshness.ts'
import { LedgerCopy } from './ledger-copy.ts'
import type { Revocation } from './revocation.ts'
import type { RevocationSource } from './revocation-source.ts'

/** A source that whoever holds the ledger drives: the authority, for verifiers of its own process. */
export interface LocalRevocations extends RevocationSource {
  /** Adds entries. They may be known, late, or out of order. */
  merge(entries: readonly Revocation[]): void
  /**
   * Says that everything committed before a moment has been merged.
   *
   * @param asOf When the read that proves it began, in milliseconds of the monotonic clock.
   */
  confirm(asOf: number): void
}

/** @param clock Default: the system's. */
export function localRevocations(clock?: FreshnessClock): LocalRevocations {
  const copy = new LedgerCopy(clock)
  return {
    merge: (entries) => copy.merge(entries),
    confirm: (asOf) => copy.confirm(asOf),
    isRevoked: (token, kid) => copy.isRevoked(token, kid),
    ageMs: () => copy.ageMs(),
    get isReady() {
      return copy.isReady
    },
    ready: () => copy.ready(),
    countStale: () => void copy.counts.acceptedStale++,
    countRefusal: (reason) => void copy.refusals[reason]++,
    on: (name, listener) => copy.on(name, listener),
    status: () => copy.status(),
    close() {},
  }
}
