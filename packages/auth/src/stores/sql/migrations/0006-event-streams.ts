import type { Migration } from './migration.ts'

/** What receivers of security events are told (OpenID Shared Signals). */
export const eventStreams: Migration = {
  name: '0006-event-streams',
  sqlite: [
    `CREATE TABLE event_streams (
      id TEXT NOT NULL PRIMARY KEY,
      client_id TEXT NOT NULL REFERENCES service_clients (id) ON DELETE CASCADE,
      audience TEXT NOT NULL,
      push_url TEXT,
      sealed_authorization TEXT,
      events_requested TEXT NOT NULL,
      description TEXT,
      status TEXT NOT NULL CHECK (status IN ('enabled', 'paused', 'disabled')),
      status_reason TEXT,
      cursor TEXT NOT NULL,
      leased_until INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL
    ) STRICT`,
    // A service client has one.
    'CREATE UNIQUE INDEX event_streams_by_client ON event_streams (client_id)',

    `CREATE TABLE outgoing_events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      stream_id TEXT NOT NULL REFERENCES event_streams (id) ON DELETE CASCADE,
      jti TEXT NOT NULL,
      claims TEXT NOT NULL,
      UNIQUE (stream_id, jti)
    ) STRICT`,
    'CREATE INDEX outgoing_events_by_stream ON outgoing_events (stream_id, id)',
  ],
  postgresql: [
    `CREATE TABLE event_streams (
      id text COLLATE "C" NOT NULL PRIMARY KEY,
      client_id text COLLATE "C" NOT NULL REFERENCES service_clients (id) ON DELETE CASCADE,
      audience text NOT NULL,
      push_url text,
      sealed_authorization text,
      events_requested text NOT NULL,
      description text,
      status text COLLATE "C" NOT NULL CHECK (status IN ('enabled', 'paused', 'disabled')),
      status_reason text,
      cursor text NOT NULL,
      leased_until bigint NOT NULL DEFAULT 0,
      created_at bigint NOT NULL
    )`,
    // A service client has one.
    'CREATE UNIQUE INDEX event_streams_by_client ON event_streams (client_id)',

    `CREATE TABLE outgoing_events (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      stream_id text COLLATE "C" NOT NULL REFERENCES event_streams (id) ON DELETE CASCADE,
      jti text COLLATE "C" NOT NULL,
      claims text NOT NULL,
      UNIQUE (stream_id, jti)
    )`,
    'CREATE INDEX outgoing_events_by_stream ON outgoing_events (stream_id, id)',
  ],
}
