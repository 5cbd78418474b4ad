import type { Migration } from './migration.ts'

/** Whoever signs in, what they may, where they are signed in, and what signs their tokens. */
export const usersRolesSessionsKeys: Migration = {
  name: '0001-users-roles-sessions-keys',
  sqlite: [
    `CREATE TABLE users (
      id TEXT NOT NULL PRIMARY KEY,
      email TEXT NOT NULL,
      email_key TEXT NOT NULL UNIQUE,
      email_search TEXT NOT NULL,
      email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),
      username TEXT UNIQUE,
      name TEXT,
      name_search TEXT,
      password_hash TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('active', 'blocked')),
      token_version INTEGER NOT NULL CHECK (token_version >= 0),
      session_version INTEGER NOT NULL CHECK (session_version >= 0),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      CHECK ((name IS NULL) = (name_search IS NULL))
    ) STRICT`,
    'CREATE INDEX users_by_creation ON users (created_at, id)',

    `CREATE TABLE roles (
      name TEXT NOT NULL PRIMARY KEY
        CHECK (length(name) BETWEEN 1 AND 64 AND name NOT GLOB '*[^a-z0-9_-]*')
    ) STRICT, WITHOUT ROWID`,

    `CREATE TABLE role_permissions (
      role TEXT NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
      permission TEXT NOT NULL
        CHECK (length(permission) BETWEEN 1 AND 64 AND permission NOT GLOB '*[^a-z0-9_.:-]*'),
      PRIMARY KEY (role, permission)
    ) STRICT, WITHOUT ROWID`,

    `CREATE TABLE user_roles (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      role TEXT NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
      PRIMARY KEY (user_id, role)
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX user_roles_by_role ON user_roles (role, user_id)',

    `CREATE TABLE sessions (
      id TEXT NOT NULL PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      status TEXT NOT NULL CHECK (status IN ('active', 'ended')),
      auth_version INTEGER NOT NULL CHECK (auth_version >= 0),
      generation INTEGER NOT NULL CHECK (generation >= 0),
      generations BLOB NOT NULL
        CHECK (length(generations) BETWEEN 40 AND 320 AND length(generations) % 40 = 0),
      created_at INTEGER NOT NULL,
      last_used_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      max_expires_at INTEGER NOT NULL,
      ended_at INTEGER,
      end_reason TEXT,
      auth_methods TEXT NOT NULL,
      ip TEXT NOT NULL,
      user_agent TEXT,
      CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
      CHECK ((ended_at IS NULL) = (end_reason IS NULL))
    ) STRICT`,
    // Not by last use: a rotation would rewrite the entry. A user has few active sessions.
    'CREATE INDEX sessions_by_user ON sessions (user_id, status)',
    'CREATE INDEX sessions_by_expiry ON sessions (expires_at)',
    'CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL',

    `CREATE TABLE signing_keys (
      kid TEXT NOT NULL PRIMARY KEY,
      algorithm TEXT NOT NULL CHECK (algorithm IN ('ES256', 'EdDSA', 'RS256', 'PS256')),
      public_jwk TEXT NOT NULL,
      sealed_private_key TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      active_from INTEGER NOT NULL
    ) STRICT`,

    `CREATE TABLE installation (
      name TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT`,

    "INSERT INTO roles (name) VALUES ('admin')",
    `INSERT INTO role_permissions (role, permission) VALUES
      ('admin', 'keys:read'), ('admin', 'keys:write'),
      ('admin', 'roles:read'), ('admin', 'roles:write'),
      ('admin', 'users:read'), ('admin', 'users:write')`,
  ],
  postgresql: [
    // COLLATE "C": order and equality by bytes, as SQLite has them, wherever they are stored.
    `CREATE TABLE users (
      id text COLLATE "C" NOT NULL PRIMARY KEY,
      email text NOT NULL,
      email_key text COLLATE "C" NOT NULL UNIQUE,
      email_search text NOT NULL,
      email_verified smallint NOT NULL CHECK (email_verified IN (0, 1)),
      username text COLLATE "C" UNIQUE,
      name text,
      name_search text,
      password_hash text NOT NULL,
      status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'blocked')),
      token_version bigint NOT NULL CHECK (token_version >= 0),
      session_version bigint NOT NULL CHECK (session_version >= 0),
      created_at bigint NOT NULL,
      updated_at bigint NOT NULL,
      CHECK ((name IS NULL) = (name_search IS NULL))
    )`,
    'CREATE INDEX users_by_creation ON users (created_at, id)',

    `CREATE TABLE roles (
      name text COLLATE "C" NOT NULL PRIMARY KEY CHECK (name ~ '^[a-z0-9_-]{1,64}$')
    )`,

    `CREATE TABLE role_permissions (
      role text COLLATE "C" NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
      permission text COLLATE "C" NOT NULL CHECK (permission ~ '^[a-z0-9_.:-]{1,64}$'),
      PRIMARY KEY (role, permission)
    )`,

    `CREATE TABLE user_roles (
      user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      role text COLLATE "C" NOT NULL REFERENCES roles (name) ON DELETE CASCADE,
      PRIMARY KEY (user_id, role)
    )`,
    'CREATE INDEX user_roles_by_role ON user_roles (role, user_id)',

    // A rotation leaves every indexed column as it was. With room on the page the new row goes
    // beside the old one and no index is touched (a heap-only update).
    `CREATE TABLE sessions (
      id text COLLATE "C" NOT NULL PRIMARY KEY,
      user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      status text COLLATE "C" NOT NULL CHECK (status IN ('active', 'ended')),
      auth_version bigint NOT NULL CHECK (auth_version >= 0),
      generation bigint NOT NULL CHECK (generation >= 0),
      generations bytea NOT NULL
        CHECK (length(generations) BETWEEN 40 AND 320 AND length(generations) % 40 = 0),
      created_at bigint NOT NULL,
      last_used_at bigint NOT NULL,
      expires_at bigint NOT NULL,
      max_expires_at bigint NOT NULL,
      ended_at bigint,
      end_reason text,
      auth_methods text NOT NULL,
      ip text NOT NULL,
      user_agent text,
      CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
      CHECK ((ended_at IS NULL) = (end_reason IS NULL))
    ) WITH (fillfactor = 70)`,
    'CREATE INDEX sessions_by_user ON sessions (user_id, status)',
    'CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL',

    `CREATE TABLE signing_keys (
      kid text COLLATE "C" NOT NULL PRIMARY KEY,
      algorithm text NOT NULL CHECK (algorithm IN ('ES256', 'EdDSA', 'RS256', 'PS256')),
      public_jwk text NOT NULL,
      sealed_private_key text NOT NULL,
      created_at bigint NOT NULL,
      active_from bigint NOT NULL
    )`,

    `CREATE TABLE installation (
      name text COLLATE "C" NOT NULL PRIMARY KEY,
      value text NOT NULL
    )`,

    "INSERT INTO roles (name) VALUES ('admin')",
    `INSERT INTO role_permissions (role, permission) VALUES
      ('admin', 'keys:read'), ('admin', 'keys:write'),
      ('admin', 'roles:read'), ('admin', 'roles:write'),
      ('admin', 'users:read'), ('admin', 'users:write')`,
  ],
}
