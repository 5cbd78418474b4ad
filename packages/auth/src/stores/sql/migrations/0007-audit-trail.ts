import type { Migration } from './migration.ts'

/** What happened, by whom and to whom. Rows are added, and later get their place in the chain. */
export const auditTrail: Migration = {
  name: '0007-audit-trail',
  sqlite: [
    `CREATE TABLE audit_events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      type TEXT NOT NULL,
      actor TEXT NOT NULL,
      subject TEXT,
      session_id TEXT,
      network TEXT,
      outcome TEXT NOT NULL CHECK (outcome IN ('success', 'failure')),
      reason TEXT,
      position INTEGER,
      hash BLOB
    ) STRICT`,
    'CREATE UNIQUE INDEX audit_events_by_position ON audit_events (position)',
    'CREATE INDEX audit_events_unsealed ON audit_events (id) WHERE position IS NULL',
    'CREATE INDEX audit_events_by_subject ON audit_events (subject, id)',
    'CREATE INDEX audit_events_by_actor ON audit_events (actor, id)',
    "INSERT INTO role_permissions (role, permission) VALUES ('admin', 'audit:read')",
  ],
  postgresql: [
    `CREATE TABLE audit_events (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      at bigint NOT NULL,
      type text COLLATE "C" NOT NULL,
      actor text COLLATE "C" NOT NULL,
      subject text COLLATE "C",
      session_id text COLLATE "C",
      network text COLLATE "C",
      outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('success', 'failure')),
      reason text COLLATE "C",
      position bigint,
      hash bytea
    )`,
    'CREATE UNIQUE INDEX audit_events_by_position ON audit_events (position)',
    'CREATE INDEX audit_events_unsealed ON audit_events (id) WHERE position IS NULL',
    'CREATE INDEX audit_events_by_subject ON audit_events (subject, id)',
    'CREATE INDEX audit_events_by_actor ON audit_events (actor, id)',
    "INSERT INTO role_permissions (role, permission) VALUES ('admin', 'audit:read')",
  ],
}
