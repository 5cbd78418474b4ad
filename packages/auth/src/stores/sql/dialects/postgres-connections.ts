import type { Pool, PoolClient } from 'pg'
import type { StoreConnections } from '../../../model/stores.ts'
import { servingFailure } from './postgres-failures.ts'
import { Turns } from './turns.ts'
import { unavailable } from './unavailable.ts'

/** Who asks for a connection: everybody, or those for whom some are kept. */
export type Lane = 'general' | 'reserved'

/**
 * The connections of a pool, some of which are kept for those who must not wait: however many
 * ask for lists of users, a refresh and a revocation get through.
 */
export class PostgresConnections {
  readonly #pool: Pool
  readonly #general: Turns
  readonly #patienceMs: number
  #inUse = 0
  #isClosed = false
  #whenIdle: (() => void) | null = null

  /**
   * @param limits.general How many connections the general lane may have at once.
   * @param limits.patienceMs How long a caller waits for its turn.
   */
  constructor(pool: Pool, limits: { readonly general: number; readonly patienceMs: number }) {
    this.#pool = pool
    this.#general = new Turns(limits.general)
    this.#patienceMs = limits.patienceMs
    // A connection that breaks between two statements says so to nobody, and Node would end the
    // process. The next statement on it fails, and the pool throws it away.
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
  }

  /** @throws {AuthError} `UNAVAILABLE`. */
  async take(lane: Lane): Promise<PoolClient> {
    if (this.#isClosed) throw unavailable('the database is closed', 30)
    this.#inUse += 1
    try {
      return await this.#takeCounted(lane)
    } catch (error) {
      this.#leave()
      throw servingFailure(error)
    }
  }

  async #takeCounted(lane: Lane): Promise<PoolClient> {
    if (lane === 'reserved') return await this.#pool.connect()
    await this.#general.take(this.#patienceMs)
    try {
      return await this.#pool.connect()
    } catch (error) {
      this.#general.pass()
      throw error
    }
  }

  /** @param isBroken Whether the connection must not be used again. */
  giveBack(lane: Lane, client: PoolClient, isBroken: boolean): void {
    client.release(isBroken)
    if (lane === 'general') this.#general.pass()
    this.#leave()
  }

  /** How many there are now, and how many callers wait, in their lane or for the pool. */
  load(): StoreConnections {
    const { totalCount: open, idleCount: idle, waitingCount } = this.#pool
    return { open, idle, waiting: waitingCount + this.#general.waiting }
  }

  /** Waits for what was begun. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#inUse > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve
      })
    }
    await this.#pool.end()
  }

  #leave(): void {
    this.#inUse -= 1
    if (this.#inUse === 0) this.#whenIdle?.()
  }
}
