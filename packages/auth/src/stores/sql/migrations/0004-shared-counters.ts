import type { Migration } from './migration.ts'

/** Limits that several processes share, and a sweep of sessions that costs rotations nothing. */
export const sharedCounters: Migration = {
  name: '0004-shared-counters',
  sqlite: [
    `CREATE TABLE counters (
      limit_name TEXT NOT NULL,
      key TEXT NOT NULL,
      taken INTEGER NOT NULL CHECK (taken >= 0),
      wait_until INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (limit_name, key)
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX counters_by_expiry ON counters (expires_at)',

    'ALTER TABLE sessions ADD COLUMN expires_day INTEGER AS (expires_at / 86400) VIRTUAL',
    'DROP INDEX sessions_by_expiry',
    'CREATE INDEX sessions_by_expiry_day ON sessions (expires_day)',
  ],
  postgresql: [
    // UNLOGGED: a crash empties it, which only gives tries back; a write waits for no disk.
    `CREATE UNLOGGED TABLE counters (
      limit_name text COLLATE "C" NOT NULL,
      key text COLLATE "C" NOT NULL,
      taken bigint NOT NULL CHECK (taken >= 0),
      wait_until bigint NOT NULL,
      expires_at bigint NOT NULL,
      PRIMARY KEY (limit_name, key)
    ) WITH (fillfactor = 50)`,
    'CREATE INDEX counters_by_expiry ON counters (expires_at)',

    // By day: an indexed column that changed with every rotation would rule out heap-only updates.
    `ALTER TABLE sessions
      ADD COLUMN expires_day bigint GENERATED ALWAYS AS (expires_at / 86400) STORED`,
    'CREATE INDEX sessions_by_expiry_day ON sessions (expires_day)',
  ],
}
