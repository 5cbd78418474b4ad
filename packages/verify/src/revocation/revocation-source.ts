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
  /** @returns Ends the listening. */
  on<Name extends RevocationEvent>(
    name: Name,
    listener: (event: RevocationEvents[Name]) => void,
  ): () => void
  status(): RevocationStatus
  /** Ends all work in the background. */
  close(): void
}

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
  /** Tokens about which the authority was asked. */
  readonly introspections: number
  readonly problems: number
}
