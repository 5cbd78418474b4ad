import type { Database, Statement } from 'better-sqlite3'
import { type SessionData, Store } from 'express-session'

const defaultLifetimeMs = 24 * 60 * 60 * 1000
/** A session's expiry is written at most this often: kinder than a write per request. */
const touchIntervalMs = 60_000

/** Sessions of express-session in SQLite: one indexed read per request. */
export class SqliteSessionStore extends Store {
  readonly #select: Statement<[string, number], { data: string }>
  readonly #upsert: Statement<[string, string, number]>
  readonly #touch: Statement<[number, string, number]>
  readonly #delete: Statement<[string]>

  constructor(database: Database) {
    super()
    database.exec('CREATE TABLE sessions (id TEXT PRIMARY KEY, data TEXT, expires_at INTEGER)')
    this.#select = database.prepare('SELECT data FROM sessions WHERE id = ? AND expires_at > ?')
    this.#upsert = database.prepare('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)')
    this.#touch = database.prepare(
      'UPDATE sessions SET expires_at = ? WHERE id = ? AND expires_at < ?',
    )
    this.#delete = database.prepare('DELETE FROM sessions WHERE id = ?')
  }

  override get(id: string, done: (error: unknown, session?: SessionData | null) => void): void {
    const row = this.#select.get(id, Date.now())
    done(null, row ? (JSON.parse(row.data) as SessionData) : null)
  }

  override set(id: string, session: SessionData, done?: (error?: unknown) => void): void {
    this.#upsert.run(id, JSON.stringify(session), expiryOf(session))
    done?.()
  }

  override touch(id: string, session: SessionData, done?: () => void): void {
    const expiresAt = expiryOf(session)
    this.#touch.run(expiresAt, id, expiresAt - touchIntervalMs)
    done?.()
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    this.#delete.run(id)
    done?.()
  }
}

function expiryOf({ cookie }: SessionData): number {
  return Date.now() + (cookie.maxAge ?? cookie.originalMaxAge ?? defaultLifetimeMs)
}
