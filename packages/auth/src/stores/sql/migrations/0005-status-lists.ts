import type { Migration } from './migration.ts'

/** Which index of the status lists tells of which tokens. */
export const statusLists: Migration = {
  name: '0005-status-lists',
  sqlite: [
    // No reference to the session: when it is gone, its tokens are not.
    `CREATE TABLE status_indexes (
      idx INTEGER NOT NULL PRIMARY KEY CHECK (idx >= 0),
      session_id TEXT NOT NULL,
      token_version INTEGER NOT NULL,
      roles_version INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      UNIQUE (session_id, token_version, roles_version)
    ) STRICT`,
    'CREATE INDEX status_indexes_by_expiry ON status_indexes (expires_at)',
  ],
  postgresql: [
    `CREATE TABLE status_indexes (
      idx bigint NOT NULL PRIMARY KEY CHECK (idx >= 0),
      session_id text COLLATE "C" NOT NULL,
      token_version bigint NOT NULL,
      roles_version bigint NOT NULL,
      expires_at bigint NOT NULL,
      UNIQUE (session_id, token_version, roles_version)
    )`,
    'CREATE INDEX status_indexes_by_expiry ON status_indexes (expires_at)',
  ],
}
