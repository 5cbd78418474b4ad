/** One step of the schema's history. Never edited once released; a change is a new step. */
export interface Migration {
  /** Ordered by place in the list, known by name. */
  readonly name: string
  /** One statement each, applied together or not at all. */
  readonly sqlite: readonly string[]
}

export const migrations: readonly Migration[] = [
  {
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
  },
  {
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
  },
  {
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
  },
]
