import type { EpochSeconds } from '../base/time.ts'

/** How a receiver gets its events: sent to it (RFC 8935), or fetched by it (RFC 8936). */
export type EventDelivery =
  | {
      readonly method: 'push'
      readonly url: string
      /** What is sent as `Authorization`, sealed; `null`: nothing. */
      readonly sealedAuthorization: string | null
    }
  | { readonly method: 'poll' }

export type EventStreamStatus = 'enabled' | 'paused' | 'disabled'

/** What one service client is told of the ledger (OpenID SSF 1.0 §8.1.1). */
export interface EventStream {
  readonly id: string
  readonly clientId: string
  /** `aud` of its events. */
  readonly audience: string
  readonly delivery: EventDelivery
  /** Types of events, as URIs. */
  readonly eventsRequested: readonly string[]
  readonly description: string | null
  readonly status: EventStreamStatus
  readonly statusReason: string | null
  /** All of the ledger up to here is among its events. */
  readonly cursor: string
  readonly createdAt: EpochSeconds
}

/** What may be changed of a stream. What is not given stays. */
export type EventStreamChange = Partial<
  Pick<
    EventStream,
    'audience' | 'delivery' | 'eventsRequested' | 'description' | 'status' | 'statusReason'
  >
>

/** An event that its receiver has not acknowledged. */
export interface OutgoingEvent {
  /** Names it; the same event has the same name, however often it is made. */
  readonly jti: string
  /** The payload of its token but for `iss`, `aud` and `jti`, as JSON. */
  readonly claims: string
}

/** Where streams and their events are kept. Proven by `eventStreamStoreContract`. */
export interface EventStreamStore {
  /** @returns Whether its client had none yet. */
  create(stream: EventStream): Promise<boolean>
  find(id: string): Promise<EventStream | null>
  /** Oldest first. */
  list(): Promise<EventStream[]>
  /** @returns Whether it was there. */
  change(id: string, change: EventStreamChange): Promise<boolean>
  /** With all its events. @returns Whether it was there. */
  delete(id: string): Promise<boolean>
  /**
   * Moves a stream on and keeps what it has to tell of the way, both or neither.
   *
   * @returns Whether it was still at `from`: of several who move it, one does.
   */
  advance(
    id: string,
    step: { readonly from: string; readonly to: string; readonly events: readonly OutgoingEvent[] },
  ): Promise<boolean>
  /** Keeps one more event. */
  add(id: string, event: OutgoingEvent): Promise<void>
  /** What is not acknowledged, oldest first. */
  pending(id: string, limit: number): Promise<OutgoingEvent[]>
  /** Forgets events. Those of other streams stay. */
  acknowledge(id: string, jtis: readonly string[]): Promise<void>
  /**
   * Takes the delivery of a stream for a while.
   *
   * @returns Whether nobody else has it.
   */
  lease(id: string, now: EpochSeconds, until: EpochSeconds): Promise<boolean>
  /** Gives a delivery back before its time is over. */
  release(id: string): Promise<void>
}
