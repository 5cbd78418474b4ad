import type { Migration } from './migration.ts'

/** Services that call the authority in their own name. */
export const serviceClients: Migration = {
  name: '0003-service-clients',
  sqlite: [
    `CREATE TABLE service_clients (
      id TEXT NOT NULL PRIMARY KEY,
      name TEXT NOT NULL,
      scopes TEXT NOT NULL,
      secret_hash BLOB CHECK (length(secret_hash) = 32),
      jwks TEXT,
      status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
      token_version INTEGER NOT NULL CHECK (token_version >= 0),
      created_at INTEGER NOT NULL
    ) STRICT`,

    `CREATE TABLE taken_values (
      value TEXT NOT NULL PRIMARY KEY,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX taken_values_by_expiry ON taken_values (expires_at)',

    `INSERT INTO role_permissions (role, permission) VALUES
      ('admin', 'clients:read'), ('admin', 'clients:write')`,
  ],
  postgresql: [
    `CREATE TABLE service_clients (
      id text COLLATE "C" NOT NULL PRIMARY KEY,
      name text NOT NULL,
      scopes text NOT NULL,
      secret_hash bytea CHECK (length(secret_hash) = 32),
      jwks text,
      status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'disabled')),
      token_version bigint NOT NULL CHECK (token_version >= 0),
      created_at bigint NOT NULL
    )`,

    `CREATE TABLE taken_values (
      value text COLLATE "C" NOT NULL PRIMARY KEY,
      expires_at bigint NOT NULL
    )`,
    'CREATE INDEX taken_values_by_expiry ON taken_values (expires_at)',

    `INSERT INTO role_permissions (role, permission) VALUES
      ('admin', 'clients:read'), ('admin', 'clients:write')`,
  ],
}
