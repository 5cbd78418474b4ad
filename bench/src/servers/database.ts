import Database from 'better-sqlite3'

/**
 * Opens the SQLite file every rival keeps its state in, as durable as Countersign's own:
 * WAL, and one fsync per commit.
 */
export function openDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: 5000 })
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  return database
}
