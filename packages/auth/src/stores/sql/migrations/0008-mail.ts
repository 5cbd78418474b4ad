import type { Migration } from './migration.ts'

/** Mail that is to be sent, and the secrets that open one thing once. */
export const mail: Migration = {
  name: '0008-mail',
  sqlite: [
    `CREATE TABLE mail_orders (
      id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL,
      sealed TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT`,
    'CREATE INDEX mail_orders_by_due ON mail_orders (due_at)',
    `CREATE TABLE one_time_tokens (
      hash TEXT NOT NULL PRIMARY KEY,
      purpose TEXT NOT NULL,
      slot TEXT NOT NULL,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      email_key TEXT NOT NULL,
      detail TEXT,
      expires_at INTEGER NOT NULL
    ) STRICT`,
    'CREATE UNIQUE INDEX one_time_tokens_by_slot ON one_time_tokens (slot)',
    'CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id)',
    'CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at)',
  ],
  postgresql: [
    `CREATE TABLE mail_orders (
      id text COLLATE "C" NOT NULL PRIMARY KEY,
      kind text COLLATE "C" NOT NULL,
      sealed text NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      due_at bigint NOT NULL,
      created_at bigint NOT NULL
    )`,
    'CREATE INDEX mail_orders_by_due ON mail_orders (due_at)',
    `CREATE TABLE one_time_tokens (
      hash text COLLATE "C" NOT NULL PRIMARY KEY,
      purpose text COLLATE "C" NOT NULL,
      slot text COLLATE "C" NOT NULL,
      user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      email_key text COLLATE "C" NOT NULL,
      detail text,
      expires_at bigint NOT NULL
    )`,
    'CREATE UNIQUE INDEX one_time_tokens_by_slot ON one_time_tokens (slot)',
    'CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id)',
    'CREATE INDEX one_time_tokens_by_expiry ON one_time_tokens (expires_at)',
  ],
}
