import type { RevocationEvent, RevocationEvents } from './emitter.ts'
import type { RevocableToken } from './revocable-token.ts'

/** How a verifier learns of revocations: made by `revocationFeed`, or by the authority itself. */
export interface RevocationSource {
  /** Whether an entry at hand revokes a token. `kid` is that of its header. */
  isRevoked(token: RevocableToken, kid: string | undefined): boolean
  /** How old the copy is, in milliseconds; infinite when that cannot be told. */
  ageMs(): number
  /** Whether there has been a complete copy. Until then nothing is accepted. */
  readonly isReady: boolean
  /** Resolves when there is; until then the process stays alive. */
  ready(): Promise<void>
  /**
   * Asks the authority whether a token is active (RFC 7662).
   * @throws {Error} Nobody can be asked.
   */
  introspect?(token: string): Promise<boolean>
  /** Notes that a token was accepted by a copy that was not fresh. */
  countStale?(): void
  /** Notes that a token was refused, and why. */
  countRefusal?(reason: RefusalReason): void
  /** @returns Ends the listening. */
  on<Name extends RevocationEvent>(
    name: Name,
    listener: (event: RevocationEvents[Name]) => void,
  ): () => void
  status(): RevocationStatus
  /** Ends all work in the background. */
  close(): void
}

/**
 * Why a verifier refused a token that is genuine and in time.
 *
 * - `revoked`: an entry of the copy revokes it
 * - `inactive`: the authority, asked, said so
 * - `stale`: the copy was too old for the route, and nobody could be asked
 * - `notReady`: there was no copy yet
 */
export type RefusalReason = 'revoked' | 'inactive' | 'stale' | 'notReady'

/** For metrics. Counts are since the start. */
export interface RevocationStatus {
  readonly isReady: boolean
  readonly ageMs: number
  /** Keys the copy knows to be revoked; some may have expired. */
  readonly entries: number
  /** Entries of kinds that this version does not know. */
  readonly unknownEntries: number
  readonly resyncs: number
  /** Tokens accepted by a copy that was not fresh, as their routes asked for. */
  readonly acceptedStale: number
  readonly refusals: Readonly<Record<RefusalReason, number>>
  /** Tokens about which the authority was asked. */
  readonly introspections: number
  readonly problems: number
}
