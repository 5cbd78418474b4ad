import type { Migration } from './migration.ts'

/** From where users have signed in before. */
export const knownDevices: Migration = {
  name: '0009-known-devices',
  sqlite: [
    `CREATE TABLE known_devices (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      device TEXT NOT NULL,
      first_seen_at INTEGER NOT NULL,
      last_seen_at INTEGER NOT NULL,
      PRIMARY KEY (user_id, device)
    ) STRICT, WITHOUT ROWID`,
  ],
  postgresql: [
    `CREATE TABLE known_devices (
      user_id text COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      device text COLLATE "C" NOT NULL,
      first_seen_at bigint NOT NULL,
      last_seen_at bigint NOT NULL,
      PRIMARY KEY (user_id, device)
    )`,
  ],
}
