import type { Client, ClientConfig } from 'pg'
import { entriesChannel } from './postgres-dialect.ts'

const firstPauseMs = 100
const longestPauseMs = 10_000

/**
 * Hears that other processes wrote to the ledger. A connection that is lost is made again, with
 * growing pauses; what was said meanwhile is lost, and readers read again before long anyway.
 */
export class PostgresListener {
  readonly #connect: () => Client
  readonly #listeners = new Set<() => void>()
  #client: Client | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #pauseMs = firstPauseMs
  #isStopped = false

  constructor(clientType: typeof Client, config: ClientConfig) {
    this.#connect = () => new clientType(config)
  }

  /** @returns Ends the listening. */
  listen(listener: () => void): () => void {
    if (this.#listeners.size === 0) void this.#open()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) void this.#leave()
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#leave()
  }

  async #open(): Promise<void> {
    const client = this.#connect()
    this.#client = client
    client.on('error', () => this.#again(client))
    client.on('end', () => this.#again(client))
    client.on('notification', () => this.#tell())
    try {
      await client.connect()
      await client.query(`LISTEN ${entriesChannel}`)
      // Nobody who waits for news keeps a process alive.
      ;(client as Client & { unref(): void }).unref()
      this.#pauseMs = firstPauseMs
      // What was written before the connection stood was not heard.
      this.#tell()
    } catch {
      this.#again(client)
    }
  }

  #again(client: Client): void {
    if (client !== this.#client) return
    this.#client = null
    void client.end().catch(() => {})
    if (this.#isStopped || this.#listeners.size === 0) return
    this.#timer = setTimeout(() => void this.#open(), this.#pauseMs)
    this.#timer.unref()
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#timer)
    const client = this.#client
    this.#client = null
    await client?.end().catch(() => {})
  }
}
