import type { Migration } from './migration.ts'

/** The ledger of revocations, and who reads it. */
export const revocations: Migration = {
  name: '0002-revocations',
  sqlite: [
    // AUTOINCREMENT: a number is not used again when the newest rows are swept.
    `CREATE TABLE revocations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind IN ('session', 'user', 'role', 'client', 'key')),
      key TEXT NOT NULL,
      floor INTEGER NOT NULL CHECK (floor >= 0),
      reason TEXT NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT`,
    'CREATE INDEX revocations_by_expiry ON revocations (expires_at)',
    'CREATE INDEX revocations_by_key ON revocations (kind, key, id)',

    `CREATE TABLE verifiers (
      id TEXT NOT NULL PRIMARY KEY,
      cursor TEXT NOT NULL,
      seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX verifiers_by_seen ON verifiers (seen_at)',

    'CREATE TABLE role_clock (version INTEGER NOT NULL) STRICT',
    'INSERT INTO role_clock (version) VALUES (0)',
    'ALTER TABLE roles ADD COLUMN version INTEGER NOT NULL DEFAULT 0',
  ],
  postgresql: [
    // xid: by what a reader has seen, and not by ids, which are given out before the commit.
    `CREATE TABLE revocations (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      kind text COLLATE "C" NOT NULL
        CHECK (kind IN ('session', 'user', 'role', 'client', 'key')),
      key text COLLATE "C" NOT NULL,
      floor bigint NOT NULL CHECK (floor >= 0),
      reason text NOT NULL,
      expires_at bigint NOT NULL
    )`,
    'CREATE INDEX revocations_by_transaction ON revocations (xid)',
    'CREATE INDEX revocations_by_expiry ON revocations (expires_at)',
    'CREATE INDEX revocations_by_key ON revocations (kind, key, id)',

    `CREATE TABLE verifiers (
      id text COLLATE "C" NOT NULL PRIMARY KEY,
      cursor text NOT NULL,
      seen_at bigint NOT NULL
    ) WITH (fillfactor = 50)`,
    'CREATE INDEX verifiers_by_seen ON verifiers (seen_at)',

    'CREATE TABLE role_clock (version bigint NOT NULL)',
    'INSERT INTO role_clock (version) VALUES (0)',
    'ALTER TABLE roles ADD COLUMN version bigint NOT NULL DEFAULT 0',
  ],
}
