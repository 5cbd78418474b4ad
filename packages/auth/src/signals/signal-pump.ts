import type { EventStream } from '../model/event-stream.ts'
import type { RevocationStore } from '../model/revocation.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import { collectEvents } from './collect-events.ts'
import { type PushDeps, pushEvents } from './push-events.ts'

const everyMs = 1000
/** How long one process has the delivery of a stream if it does not give it back. */
const leaseSeconds = 60
const firstPauseMs = 1000
const longestPauseMs = 300_000

export interface PumpDeps extends PushDeps {
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds that only go forward. */
  readonly monotonicMs: () => number
  readonly stores: PushDeps['stores'] & { readonly revocations: RevocationStore }
}

/** How a receiver is doing that does not take its events. */
interface Trouble {
  readonly failures: number
  readonly nextAt: number
}

/**
 * Turns the ledger into events and sends them. Any number of processes may do so: each entry
 * becomes an event once, and one process at a time sends those of a stream.
 *
 * Events are delivered at least once, in order, and again with growing pauses while a receiver
 * does not take them.
 */
export class SignalPump {
  readonly #deps: PumpDeps
  readonly #troubles = new Map<string, Trouble>()
  readonly #waiting = new Set<() => void>()
  #unlisten: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isRunning = false
  #isWanted = false
  #isStopped = false
  #mayHold = true

  constructor(deps: PumpDeps) {
    this.#deps = deps
  }

  /** Begins. Does not keep the process alive. */
  start(): void {
    this.#unlisten = this.#deps.stores.revocations.onWritten(() => void this.run())
    void this.run()
  }

  /** Whether polls without events may wait for some. */
  get mayHold(): boolean {
    return this.#mayHold && !this.#isStopped
  }

  /** Wakes everybody who waits, and lets nobody wait from now on. Goes on sending. */
  releasePolls(): void {
    this.#mayHold = false
    this.#wake()
  }

  /** Lets go of everybody who waits, and begins nothing more. */
  stop(): void {
    this.#isStopped = true
    this.#unlisten?.()
    clearTimeout(this.#timer)
    this.#wake()
  }

  /** Looks at every stream, and once more if asked meanwhile. */
  async run(): Promise<void> {
    this.#isWanted = true
    if (this.#isRunning) return
    this.#isRunning = true
    clearTimeout(this.#timer)
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false
      await this.#lookAtAll()
    }
    this.#isRunning = false
    if (this.#isStopped) return
    this.#timer = setTimeout(() => void this.run(), everyMs)
    this.#timer.unref()
  }

  /** Resolves when there may be something new, or after `ms`. */
  news(ms: number): Promise<void> {
    if (!this.mayHold) return Promise.resolve()
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer)
        this.#waiting.delete(finish)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      timer.unref()
      this.#waiting.add(finish)
    })
  }

  async #lookAtAll(): Promise<void> {
    try {
      const streams = await this.#deps.stores.eventStreams.list()
      // At once: a receiver that is slow, or a stream that fails, holds up no other.
      await Promise.all(streams.map((stream) => this.#orSay(this.#lookAt(stream))))
      this.#wake()
    } catch (error) {
      this.#say(error)
    }
  }

  async #orSay(looking: Promise<void>): Promise<void> {
    await looking.catch((error: unknown) => this.#say(error))
  }

  #say(error: unknown): void {
    if (this.#isStopped) return
    this.#deps.log.warn({ detail: String(error) }, 'security events are late')
  }

  async #lookAt(stream: EventStream): Promise<void> {
    if (stream.status === 'disabled') return
    await collectEvents(this.#deps, stream)
    const isDue = (this.#troubles.get(stream.id)?.nextAt ?? 0) <= this.#deps.monotonicMs()
    if (stream.status === 'enabled' && stream.delivery.method === 'push' && isDue) {
      await this.#push(stream)
    }
  }

  async #push(stream: EventStream): Promise<void> {
    const { stores, clock } = this.#deps
    const [first] = await stores.eventStreams.pending(stream.id, 1)
    const now = clock.now()
    if (!first || !(await stores.eventStreams.lease(stream.id, now, now + leaseSeconds))) return
    try {
      const isDelivered = await pushEvents(this.#deps, stream)
      if (isDelivered) this.#troubles.delete(stream.id)
      else this.#postpone(stream.id)
    } finally {
      await stores.eventStreams.release(stream.id)
    }
  }

  #postpone(streamId: string): void {
    const failures = (this.#troubles.get(streamId)?.failures ?? 0) + 1
    const longest = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs)
    // Half of it is drawn: receivers that came back are not met by all at once.
    const [drawn = 0] = this.#deps.random.bytes(1)
    const pauseMs = longest * (0.5 + drawn / 512)
    this.#troubles.set(streamId, { failures, nextAt: this.#deps.monotonicMs() + pauseMs })
  }

  #wake(): void {
    for (const finish of this.#waiting) finish()
  }
}
